/** Languages of pages that have no JupyterLab to ask: their words come with the program. */
import { fill, speak, type ILanguage } from './language';

/** Forms of a word by its English: one, or the singular and the plural. */
export type Catalogue = Readonly<Record<string, readonly string[]>>;

/** Catalogues by language, put into the bundles outside JupyterLab by scripts/build-widget.mjs. */
declare const ML_JUPYTER_CATALOGUES: Readonly<Record<string, Catalogue>>;

const built = (): Readonly<Record<string, Catalogue>> =>
  typeof ML_JUPYTER_CATALOGUES === 'object' ? ML_JUPYTER_CATALOGUES : {};

/** The language of a catalogue; what it lacks is English. */
export function languageOf(words: Catalogue, code: string): ILanguage {
  const rules = new Intl.PluralRules(code);
  return {
    __: (text, ...values) => fill(words[text]?.[0] ?? text, values),
    _n: (one, many, n, ...values) => {
      const forms = words[one] ?? [one, many];
      return fill((rules.select(n) === 'one' ? forms[0] : forms[1]) ?? many, [n, ...values]);
    }
  };
}

/**
 * Speaks the first of these languages that there is a catalogue for, up to the first that is English.
 *
 * @param codes - what the page's language or the reader's are, such as `es-MX`, the dearest first
 * @returns the code that is spoken; null: English
 */
export function speakOneOf(codes: readonly string[], catalogues = built()): string | null {
  for (const code of codes) {
    const [language = ''] = code.toLowerCase().split(/[-_]/);
    const words = catalogues[language];
    if (words) {
      speak(languageOf(words, language), code);
      return code;
    }
    if (language === 'en') {
      return null;
    }
  }
  return null;
}
