/** The rows of the list and where each lies, as data. */
import { progressOf, stateLook, isEnded, WAITING_STATUSES } from '../../model/state';
import type { IMachineInfo, IQueueEntry } from '../../model/machine';
import type { IQueueInfo, IRunSummary } from '../../model/types';
import { needsSentence, remedyFor, type IRemedy } from '../machine/devices';

export type SectionName = 'Pinned' | 'Running' | 'Queued' | 'Recent' | 'Found';

export interface ISectionRow {
  readonly kind: 'section';
  readonly section: SectionName;
  readonly count: number;
  readonly open: boolean;
}
export interface IRunRow {
  readonly kind: 'run';
  readonly section: SectionName;
  readonly run: IRunSummary;
  /** Place in line, from 1; null when it does not wait. */
  readonly position: number | null;
  /** What a person can do about the waiting; the words of its link stand after the sentence. */
  readonly remedy?: IRemedy;
  /** "Asks for 2 GPUs and 4 cores." */
  readonly needs?: string;
}
/** A run that is there but was not fetched yet. */
export interface IPendingRow {
  readonly kind: 'pending';
  readonly section: SectionName;
  readonly index: number;
}
export type ListRow = ISectionRow | IRunRow | IPendingRow;

/** Heights in px, from the design's grid. */
export const HEIGHT = { section: 28, one: 28, two: 44, line: 16, progress: 8 } as const;
/** Lines of a sentence that a row shows; with a link after them one more. */
const SENTENCE_LINES = 2;

/** Lists that are paged: how many there are, and those that are here. */
export interface IRunPages {
  readonly total: number;
  at(index: number): IRunSummary | undefined;
}

/** Waiting runs in the order of the queue, then by age. */
export function inLine(
  runs: readonly IRunSummary[],
  queue: IQueueInfo | null
): readonly { readonly run: IRunSummary; readonly position: number | null }[] {
  const places = new Map(queue?.entries.map(e => [e.run_id, e.position]));
  return runs
    .map(run => ({ run, position: places.get(run.id) ?? null }))
    .sort(
      (a, b) =>
        (a.position ?? Infinity) - (b.position ?? Infinity) ||
        a.run.created_ms - b.run.created_ms ||
        0
    );
}

/** Splits runs that are not over into those at work, what is prepared or stopped last, and those that wait. */
export function splitActive(runs: readonly IRunSummary[]): {
  running: readonly IRunSummary[];
  queued: readonly IRunSummary[];
} {
  const waits = (run: IRunSummary): boolean => WAITING_STATUSES.includes(run.status);
  const alive = runs.filter(r => !waits(r));
  return {
    running: [...alive.filter(isAtWork), ...alive.filter(r => !isAtWork(r))],
    queued: runs.filter(waits)
  };
}

/** The rows of waiting runs with what they ask for and what can be done about it. */
export function withRemedies(
  rows: readonly ListRow[],
  queue: IQueueInfo | null,
  machine: IMachineInfo | null
): readonly ListRow[] {
  const entries = new Map<string, IQueueEntry>(queue?.entries.map(one => [one.run_id, one]));
  return rows.map(row => {
    const entry = row.kind === 'run' ? entries.get(row.run.id) : undefined;
    if (!entry || row.kind !== 'run' || row.position === null) {
      return row;
    }
    return {
      ...row,
      remedy: remedyFor(entry.needs, machine) ?? undefined,
      needs: needsSentence(entry.needs, entry.needs_text) ?? undefined
    };
  });
}

function section(name: SectionName, count: number, closed: ReadonlySet<SectionName>): ISectionRow {
  return { kind: 'section', section: name, count, open: !closed.has(name) };
}

/** Each run once: pages that were fetched at different moments may hold the same one. */
function paged(name: SectionName, pages: IRunPages): ListRow[] {
  const seen = new Set<string>();
  return Array.from({ length: pages.total }, (_, index): ListRow => {
    const run = pages.at(index);
    const fresh = run !== undefined && !seen.has(run.id);
    seen.add(run?.id ?? '');
    return fresh
      ? { kind: 'run', section: name, run, position: null }
      : { kind: 'pending', section: name, index };
  });
}

/**
 * Rows of the list without a filter: Pinned, Running, Queued, Recent; a section with nothing in it is left out. The
 * lists come one after the other, so a run that has just ended may be in two: it is shown as ended. A pinned run is
 * shown in its own section too, where people look for it.
 */
export function sectionRows(
  pinned: readonly IRunSummary[],
  active: readonly IRunSummary[],
  recent: IRunPages,
  queue: IQueueInfo | null,
  closed: ReadonlySet<SectionName>
): ListRow[] {
  const ended = paged('Recent', recent);
  const over = new Set(ended.map(row => (row.kind === 'run' ? row.run.id : null)));
  const { running, queued } = splitActive(active.filter(run => !over.has(run.id)));
  const rows: ListRow[] = [];
  const add = (name: SectionName, count: number, make: () => ListRow[]): void => {
    if (count > 0) {
      rows.push(section(name, count, closed));
      if (!closed.has(name)) {
        rows.push(...make());
      }
    }
  };
  add('Pinned', pinned.length, () =>
    pinned.map(run => ({ kind: 'run', section: 'Pinned', run, position: null }))
  );
  add('Running', running.length, () =>
    running.map(run => ({ kind: 'run', section: 'Running', run, position: null }))
  );
  add('Queued', queued.length, () =>
    inLine(queued, queue).map(one => ({ kind: 'run', section: 'Queued', ...one }))
  );
  add('Recent', recent.total, () => ended);
  return rows;
}

/** Rows of the list with a search or filter: a count, then what was found. */
export function foundRows(found: IRunPages): ListRow[] {
  return [section('Found', found.total, new Set()), ...paged('Found', found)];
}

/** The sentence under a name, or null: why it waits, what it prepares, what was found when it failed. */
export function rowSentence(run: IRunSummary, opened: ReadonlySet<string>): string | null {
  const { family } = stateLook(run.status);
  if (family === 'failed' || family === 'lost') {
    return opened.has(run.id) ? null : run.reason;
  }
  return isEnded(run.status) || family === 'running' ? null : run.reason;
}

/** Whether the row shows how far it is: a second line of facts, and the hairline where the share is known. */
export const isAtWork = (run: IRunSummary): boolean => stateLook(run.status).family === 'running';

/**
 * Height of a row in px.
 *
 * @param lines - lines that a sentence takes at the list's width
 */
export function rowHeight(
  row: ListRow,
  opened: ReadonlySet<string>,
  lines: (sentence: string) => number
): number {
  if (row.kind !== 'run') {
    return HEIGHT[row.kind === 'section' ? 'section' : 'one'];
  }
  if (isAtWork(row.run)) {
    return HEIGHT.two + (progressOf(row.run) === null ? 0 : HEIGHT.progress);
  }
  const sentence = rowSentence(row.run, opened);
  if (!sentence) {
    return HEIGHT.one;
  }
  const text = row.remedy ? `${sentence} ${row.remedy.label}` : sentence;
  const most = SENTENCE_LINES + Number(row.remedy !== undefined);
  return HEIGHT.two + (Math.min(most, Math.max(1, lines(text))) - 1) * HEIGHT.line;
}

/** Top of each row and, as the last entry, the height of all. */
export function rowTops(heights: readonly number[]): Float64Array {
  const tops = new Float64Array(heights.length + 1);
  heights.forEach((height, i) => {
    tops[i + 1] = (tops[i] ?? 0) + height;
  });
  return tops;
}

/** Index of the row at a height y. */
export function rowAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** Stable name of a row. */
export function rowKey(row: ListRow): string {
  return row.kind === 'run'
    ? `${row.section === 'Pinned' ? 'pinned' : 'run'}:${row.run.id}`
    : row.kind === 'section'
      ? `section:${row.section}`
      : `pending:${row.index}`;
}
