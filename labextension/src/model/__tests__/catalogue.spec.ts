import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { collect, outside, outsideOf, schemaWords } from '../../../scripts/words.mjs';

const SRC = join(__dirname, '../..');
const LOCALES = join(SRC, '../../ml_jupyter/locale');

type Catalogue = Record<string, readonly string[]>;

const { words, unread } = collect(SRC);
for (const word of schemaWords(join(SRC, '../schema'))) {
  words.set(word, words.get(word) ?? { forms: [word], at: ['schema'] });
}
const inSource = (text: string): string[] =>
  outsideOf(ts.createSourceFile('/a.tsx', text, ts.ScriptTarget.Latest, true), '/');

function read(locale: string): Catalogue {
  const path = join(LOCALES, locale, 'LC_MESSAGES/ml_jupyter.json');
  const all = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  delete all[''];
  return all as Catalogue;
}

/** Which values a text takes, each once. */
const places = (texts: readonly string[]): string[] =>
  [...new Set(texts.flatMap(text => text.match(/%\d/g) ?? []))].sort();
const edges = (text: string): string => `${/^\s*/.exec(text)?.[0]}|${/\s*$/.exec(text)?.[0]}`;

describe('the words of the front end', () => {
  it('are literals, so that they can be collected', () => {
    expect(unread).toEqual([]);
    expect(words.get('Running')?.forms).toEqual(['Running']);
    expect(words.get('%1 run')?.forms).toEqual(['%1 run', '%1 runs']);
  });

  it('all go through the translator', () => {
    expect(outside(SRC)).toEqual([]);
  });

  it('are missed when they do not', () => {
    expect(inSource('const a = <p title="No name">Nothing ran.</p>;')).toEqual([
      'a.tsx:1 No name',
      'a.tsx:1 Nothing ran.'
    ]);
    expect(inSource('const a = `The run ${id} is gone`, b = "It is over.";')).toHaveLength(2);
    expect(inSource('const a = <p title={trans.__("No name")}>{trans.__("It ran.")}</p>;')).toEqual(
      []
    );
  });
});

describe.each(readdirSync(LOCALES))('the catalogue of %s', locale => {
  const catalogue = read(locale);

  it('has every word, and no other', () => {
    const missing = [...words.keys()].filter(word => catalogue[word] === undefined);
    expect(missing.map(word => `${word} (${words.get(word)?.at[0]})`)).toEqual([]);
    expect(Object.keys(catalogue).filter(word => !words.has(word))).toEqual([]);
  });

  it('has as many forms, the same values and the same edges', () => {
    for (const [word, { forms }] of words) {
      const said = catalogue[word] ?? [];
      expect(said, word).toHaveLength(forms.length);
      expect(places(said), word).toEqual(places(forms));
      expect(said.map(edges), word).toEqual(forms.map(edges));
    }
  });
});
