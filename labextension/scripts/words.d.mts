import type { SourceFile } from 'typescript';

export interface IWord {
  /** English, as it is written: one form, or the singular and the plural. */
  readonly forms: readonly string[];
  readonly at: readonly string[];
}

export function collect(root: string): { words: Map<string, IWord>; unread: string[] };
export function schemaWords(folder: string): Set<string>;
export function outside(root: string): string[];
export function outsideOf(file: SourceFile, root: string): string[];
