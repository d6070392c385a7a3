import { useEffect, useState } from 'react';
import type { ICode, ICodeOf } from '../../model/code';
import { countChanges, diffLines, textLines } from '../../model/diff';
import type { IRunSource } from '../../model/source';
import type { IRunSummary } from '../../model/types';
import { useAsked, type IAsked } from '../data/useAsked';
import { isBinary } from '../run/preview';
import type { ICodeChange } from './compare';

/** More of a file is not read for a view, bytes. */
export const MOST_BYTES = 1_000_000;
/** Changed files whose lines are counted at once. */
const MOST_COUNTED = 30;
const MOST_RUNS = 30;

/** What a run is compared with that is no other run: the folder that it came from. No run has this id. */
export const FOLDER = ':folder';

/** What is compared, the older first; `before` is null when nothing is. */
export interface ICodePair {
  readonly before: ICodeOf | null;
  readonly after: ICodeOf;
}

/** A run's code against another run's, or against its own folder, which is the newer one. */
export function pairOf(run: string, other: string | null): ICodePair {
  if (other === FOLDER) {
    return { before: { run }, after: { run, now: true } };
  }
  return { before: other === null ? null : { run: other }, after: { run } };
}

const keyOf = (of: ICodeOf | null): string => (of ? `${of.run}${of.now ? FOLDER : ''}` : '');

/** Files of a run's snapshot or folder; null asks for none. */
export function useCode(source: IRunSource, of: ICodeOf | null): IAsked<ICode> {
  return useAsked(of === null ? null : () => source.query('code', of), keyOf(of));
}

/** A source file as text; null: it is no text. */
export interface IText {
  readonly text: string | null;
  readonly whole: boolean;
  readonly size: number;
}

export async function readText(source: IRunSource, of: ICodeOf, path: string): Promise<IText> {
  const { data, whole } = await source.query('codeText', { ...of, path, length: MOST_BYTES });
  const text = isBinary(data) ? null : new TextDecoder().decode(data);
  return { text, whole, size: data.length };
}

/** The text of a file in a run; null asks for none. */
export function useText(source: IRunSource, of: ICodeOf, path: string | null): IAsked<IText> {
  const ask = path === null ? null : () => readText(source, of, path);
  return useAsked(ask, `${keyOf(of)} ${path ?? ''}`);
}

/** Ended runs of an experiment to compare with, the newest first; this one left out. */
export function useOthers(
  source: IRunSource,
  run: Pick<IRunSummary, 'id' | 'experiment'>
): readonly IRunSummary[] {
  const { experiment, id } = run;
  const { value } = useAsked(
    () => source.query('runs', { experiment, top_level: false, limit: MOST_RUNS }),
    `${experiment} ${id}`
  );
  return (value?.runs ?? []).filter(one => one.id !== id);
}

export interface ILineCounts {
  readonly added: number;
  readonly removed: number;
}

/** Lines added and removed in each changed file that is text, as they become known. */
export function useCounts(
  source: IRunSource,
  { before, after }: ICodePair,
  changes: readonly ICodeChange[]
): ReadonlyMap<string, ILineCounts> {
  const [counts, setCounts] = useState<ReadonlyMap<string, ILineCounts>>(new Map());
  const pair = `${keyOf(before)} ${keyOf(after)}`;
  const key = changes.map(one => one.path).join('\n');
  useEffect(() => {
    let wanted = true;
    setCounts(new Map());
    const count = async (): Promise<void> => {
      for (const change of changes.slice(0, MOST_COUNTED)) {
        const found = before && wanted ? await countIn(source, before, after, change) : null;
        if (wanted && found) {
          setCounts(old => new Map([...old, [change.path, found]]));
        }
      }
    };
    count().catch(() => undefined);
    return () => {
      wanted = false;
    };
    // The keys stand for what is compared and for the changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source, pair, key]);
  return counts;
}

async function countIn(
  source: IRunSource,
  before: ICodeOf,
  after: ICodeOf,
  { path, change }: ICodeChange
): Promise<ILineCounts | null> {
  const old = change === 'added' ? '' : (await readText(source, before, path)).text;
  const now = change === 'removed' ? '' : (await readText(source, after, path)).text;
  return old === null || now === null
    ? null
    : countChanges(diffLines(textLines(old), textLines(now)));
}
