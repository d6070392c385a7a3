import { useEffect, useState } from 'react';
import type { ICode } from '../../model/code';
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

/** Files of a run's snapshot; null asks for none. */
export function useCode(source: IRunSource, run: string | null): IAsked<ICode> {
  return useAsked(run === null ? null : () => source.query('code', { run }), run ?? '');
}

/** A source file as text; null: it is no text. */
export interface IText {
  readonly text: string | null;
  readonly whole: boolean;
  readonly size: number;
}

export async function readText(source: IRunSource, run: string, path: string): Promise<IText> {
  const { data, whole } = await source.query('codeText', { run, path, length: MOST_BYTES });
  const text = isBinary(data) ? null : new TextDecoder().decode(data);
  return { text, whole, size: data.length };
}

/** The text of a file in a run; null asks for none. */
export function useText(source: IRunSource, run: string, path: string | null): IAsked<IText> {
  const ask = path === null ? null : () => readText(source, run, path);
  return useAsked(ask, `${run} ${path ?? ''}`);
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
  run: string,
  other: string | null,
  changes: readonly ICodeChange[]
): ReadonlyMap<string, ILineCounts> {
  const [counts, setCounts] = useState<ReadonlyMap<string, ILineCounts>>(new Map());
  const key = changes.map(one => one.path).join('\n');
  useEffect(() => {
    let wanted = true;
    setCounts(new Map());
    const count = async (): Promise<void> => {
      for (const change of changes.slice(0, MOST_COUNTED)) {
        const found = other === null || !wanted ? null : await countIn(source, run, other, change);
        if (wanted && found) {
          setCounts(old => new Map([...old, [change.path, found]]));
        }
      }
    };
    count().catch(() => undefined);
    return () => {
      wanted = false;
    };
    // The key stands for the changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source, run, other, key]);
  return counts;
}

async function countIn(
  source: IRunSource,
  run: string,
  other: string,
  { path, change }: ICodeChange
): Promise<ILineCounts | null> {
  const before = change === 'added' ? '' : (await readText(source, other, path)).text;
  const after = change === 'removed' ? '' : (await readText(source, run, path)).text;
  return before === null || after === null
    ? null
    : countChanges(diffLines(textLines(before), textLines(after)));
}
