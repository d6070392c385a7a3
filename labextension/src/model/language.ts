/**
 * The language that views speak. They know no JupyterLab, so its translator is handed in here (`speak`) before the first
 * of them is drawn; until then, and where there is none, the words are English as they are written.
 */

/** The part of JupyterLab's translation bundle that is used; `%1`, `%2` … stand for the further arguments. */
export interface ILanguage {
  __(words: string, ...values: (string | number)[]): string;
  /** `one` when n is 1, else `many`; `%1` is n itself. */
  _n(one: string, many: string, n: number, ...values: (string | number)[]): string;
}

const fill = (words: string, values: readonly (string | number)[]): string =>
  words.replace(/%(\d+)/g, (whole, place: string) => {
    const value = values[Number(place) - 1];
    return value === undefined ? whole : String(value);
  });

const ENGLISH: ILanguage = {
  __: (words, ...values) => fill(words, values),
  _n: (one, many, n, ...values) => fill(n === 1 ? one : many, [n, ...values])
};

let spoken = ENGLISH;

/** Sets the language of everything that is drawn from now on. */
export function speak(language: ILanguage): void {
  spoken = language;
}

/** Words in the language spoken now; to be called while drawing, not while a module is loaded. */
export const trans: ILanguage = {
  __: (words, ...values) => spoken.__(words, ...values),
  _n: (one, many, n, ...values) => spoken._n(one, many, n, ...values)
};
