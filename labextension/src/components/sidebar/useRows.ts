import { useCallback, useMemo, useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSource, ISourceError } from '../../model/source';
import { ALIVE_STATUSES, ENDED_STATUSES, WAITING_STATUSES } from '../../model/state';
import type { IRunQuery, IRunSummary } from '../../model/types';
import { useStream } from '../data/useStream';
import {
  foundRows,
  rowKey,
  sectionRows,
  withRemedies,
  type ListRow,
  type SectionName
} from './rows';
import { usePagedRuns } from './usePagedRuns';

/** Runs that are not over and shown at once; more than these are found by searching. */
const ACTIVE_LIMIT = 500;
const ACTIVE: IRunQuery = {
  status: [...ALIVE_STATUSES, ...WAITING_STATUSES],
  limit: ACTIVE_LIMIT
};
const RECENT: IRunQuery = { status: ENDED_STATUSES, sort: '-ended' };

interface IRows {
  readonly rows: readonly ListRow[];
  readonly ready: boolean;
  readonly total: number;
  readonly error: ISourceError | null;
  readonly onVisible: (first: number, last: number) => void;
}

/**
 * Rows of the panel, live: by sections, or what a query finds.
 *
 * @param canFree - whether the host can restart the notebook that a waiting run's GPU is held by
 */
export function useRows(
  source: IRunSource,
  query: IRunQuery | null,
  pinned: readonly IRunSummary[],
  closed: ReadonlySet<SectionName>,
  canFree: boolean
): IRows {
  const active = useStream(source, 'runs', query ? null : ACTIVE);
  const queue = useStream(source, 'queue', query ? null : {});
  const waitsForGpu =
    canFree && (queue.value?.entries.some(one => (one.needs?.gpus ?? 0) > 0) ?? false);
  const machine = useStream(source, 'machine', waitsForGpu ? {} : null).value;
  const recent = usePagedRuns(source, query ? null : RECENT);
  const found = usePagedRuns(source, query);
  const pages = query ? found : recent;

  const activeRuns = active.value?.runs;
  const rows = useMemo(
    () =>
      query
        ? foundRows(found)
        : withRemedies(
            sectionRows(pinned, activeRuns ?? [], recent, queue.value, closed),
            queue.value,
            machine
          ),
    [query, found, pinned, recent, activeRuns, queue.value, machine, closed]
  );
  const offset = query
    ? 1
    : Math.max(0, rows.findIndex(r => r.kind === 'section' && r.section === 'Recent') + 1);
  const { ensure } = pages;
  const onVisible = useCallback(
    (first: number, last: number) => {
      if (last >= offset) {
        ensure(Math.max(0, first - offset), last - offset);
      }
    },
    [ensure, offset]
  );
  return {
    rows,
    ready: pages.ready && (query !== null || active.value !== null),
    total: pages.total + (query ? 0 : (active.value?.total ?? 0)),
    error: pages.error ?? (query ? null : active.error),
    onVisible
  };
}

/** How long after its last movement a pointer over the list still keeps the order as it is. */
const STILL_MS = 3000;

/**
 * Keeps the order of rows while the pointer moves over them: what a row says changes in place, where it lies does
 * not.
 *
 * @param list - names what is listed; another list is shown as it comes
 */
export function useCalmOrder(
  rows: readonly ListRow[],
  list: string,
  now: number
): { rows: readonly ListRow[]; onPointer: (inside: boolean) => void } {
  const [movedAt, setMovedAt] = useState<number | null>(null);
  const shown = useRef({ list, rows });
  const onPointer = useCallback((inside: boolean) => {
    const at = inside ? Date.now() : null;
    setMovedAt(old => (old !== null && at !== null && at - old < STILL_MS / 2 ? old : at));
  }, []);
  const calm = movedAt !== null && now - movedAt < STILL_MS;
  return useMemo(() => {
    const same = shown.current.list === list;
    const next = calm && same ? inOldOrder(shown.current.rows, rows) : rows;
    shown.current = { list, rows: next };
    return { rows: next, onPointer };
  }, [rows, list, calm, onPointer]);
}

/** What may not differ for two lists to be brought into one order: the sections, and how much is fetched. */
function shape(rows: readonly ListRow[]): string {
  const sections = rows.flatMap(r =>
    r.kind === 'section' ? [`${r.section}${String(r.open)}`] : []
  );
  return [...sections, rows.filter(r => r.kind === 'pending').length].join();
}

/** New content at the old places; all new when sections were opened or pages fetched. */
export function inOldOrder(old: readonly ListRow[], rows: readonly ListRow[]): readonly ListRow[] {
  if (shape(old) !== shape(rows)) {
    return rows;
  }
  const fresh = new Map(rows.map(row => [rowKey(row), row]));
  return old.flatMap(row => fresh.get(rowKey(row)) ?? []);
}

/** Rows whose run was told to stop say so before the server does. */
export function markStopping(
  rows: readonly ListRow[],
  stopping: ReadonlySet<string>
): readonly ListRow[] {
  if (stopping.size === 0) {
    return rows;
  }
  const mark = (run: IRunSummary): IRunSummary =>
    stopping.has(run.id)
      ? { ...run, status: 'CancelRequested', reason: trans.__('Stop sent.'), progress: null }
      : run;
  return rows.map(row => (row.kind === 'run' ? { ...row, run: mark(row.run) } : row));
}
