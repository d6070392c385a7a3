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

/** The words with `%1`, `%2` … replaced by the values. */
export const fill = (words: string, values: readonly (string | number)[]): string =>
  words.replace(/%(\d+)/g, (whole, place: string) => {
    const value = values[Number(place) - 1];
    return value === undefined ? whole : String(value);
  });

const ENGLISH: ILanguage = {
  __: (words, ...values) => fill(words, values),
  _n: (one, many, n, ...values) => fill(n === 1 ? one : many, [n, ...values])
};

let spoken = ENGLISH;
let written: string | undefined;

/**
 * Sets the language of everything that is drawn from now on.
 *
 * @param code - its code, such as `es` or `es-ES`, by which dates and numbers are written; without it, and for English, as
 *   the browser writes them
 */
export function speak(language: ILanguage, code?: string): void {
  spoken = language;
  const tag = code?.replace('_', '-');
  written = tag === undefined || /^en\b/.test(tag) || !isLocale(tag) ? undefined : tag;
}

function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/** The locale of the language spoken, for `Intl`; undefined: the browser's own. */
export const spokenLocale = (): string | undefined => written;

/** Words in the language spoken now; to be called while drawing, not while a module is loaded. */
export const trans: ILanguage = {
  __: (words, ...values) => spoken.__(words, ...values),
  _n: (one, many, n, ...values) => spoken._n(one, many, n, ...values)
};
