import React, { useMemo, useState } from 'react';
import { trans } from '../../model/language';
import { formatTime } from '../../model/format';
import type { IRunSource } from '../../model/source';
import { isStoppable } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import { freeGpu } from '../data/actions';
import { useConnection } from '../data/useConnection';
import { useNow } from '../data/useNow';
import { SkeletonRows } from '../ui/Skeleton';
import { BulkBar } from './BulkBar';
import { filteredQuery, type IFilter } from './filters';
import type { ISidebarHost } from './host';
import { ListFailed, NoMatch, NoRuns } from './Messages';
import { RunList } from './RunList';
import type { SectionName } from './rows';
import type { ShowMenu } from './Sidebar';
import { SortButton, commonMetric, sortedBy, type Sort } from './sorting';
import { useMatches } from './useMatches';
import { useOpened } from './useOpened';
import { actByKey, runMenu, useRunActions } from './useRunActions';
import { markStopping, useCalmOrder, useRows } from './useRows';
import { usePinned } from './usePinned';
import { selectedRuns, targets, useSelection } from './useSelection';

interface IRunsPaneProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly text: string;
  readonly filters: readonly IFilter[];
  readonly archived: boolean;
  readonly onSearch: (text: string, filters: readonly IFilter[]) => void;
  readonly onRetry: () => void;
  /** The key that leads to the search field. */
  readonly onSlash: () => void;
  readonly showMenu: ShowMenu;
  readonly listRef: React.RefObject<HTMLDivElement>;
}

const CLOCK_MS = 1000;

function useQuery({ text, filters, archived }: IRunsPaneProps, sort: Sort) {
  return useMemo(() => {
    const searching = text !== '' || filters.length > 0 || archived;
    return searching ? { ...filteredQuery(text, filters, archived), ...sortedBy(sort) } : null;
  }, [text, filters, archived, sort]);
}

/** The list with what is selected in it, or why there is none. */
export function RunsPane(props: IRunsPaneProps): React.JSX.Element {
  const { source, host, showMenu, listRef } = props;
  const [sort, setSort] = useState<Sort>('newest');
  const [closed, setClosed] = useState<ReadonlySet<SectionName>>(new Set());
  const [opened, markOpened] = useOpened();
  const connection = useConnection(source);
  const now = useNow(CLOCK_MS);
  const selection = useSelection();
  const pinned = usePinned(source);
  const { actions, stopping } = useRunActions(source, host, pinned);
  const query = useQuery(props, sort);
  const fetched = useRows(source, query, pinned.runs, closed, host.restartKernel !== undefined);
  const marked = useMemo(() => markStopping(fetched.rows, stopping), [fetched.rows, stopping]);
  const { rows, onPointer } = useCalmOrder(marked, JSON.stringify(query), now);

  const message = whatElse(fetched, connection.state === 'lost', query !== null);
  if (message === 'failed' && fetched.error) {
    return <ListFailed error={fetched.error} host={host} onRetry={props.onRetry} />;
  }
  if (message === 'loading') {
    return <SkeletonRows />;
  }
  if (message === 'no runs') {
    return <NoRuns host={host} />;
  }
  if (message === 'no match') {
    return <NothingFound {...props} />;
  }

  const canWrite = source.command !== undefined;
  const chosen = selectedRuns(selection.ids, rows);
  const lost = connection.state === 'lost' ? connection.since : null;
  const open = (run: IRunSummary, pin = false): void => {
    markOpened(run.id);
    if (pin) {
      host.pinRun(run.id);
    } else {
      host.openRun(run.id);
    }
  };
  const menu = (run: IRunSummary, at: { x: number; y: number }): void =>
    showMenu(
      trans.__('Run'),
      at,
      runMenu(targets(run, selection.ids, rows), actions, host, canWrite)
    );
  const onKey = (event: React.KeyboardEvent, run: IRunSummary | null): boolean => {
    if (event.key === '/') {
      props.onSlash();
    } else if (event.key === 'Escape') {
      selection.clear();
    } else if (event.key === 'Enter' && run) {
      open(run, event.ctrlKey || event.metaKey);
    } else if (run && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      menu(run, corner(listRef.current, run.id));
    } else {
      return actByKey(event, run ? targets(run, selection.ids, rows) : chosen, actions);
    }
    return true;
  };

  return (
    <>
      <RunList
        key={query ? 'found' : 'sections'}
        rows={rows}
        now={now}
        asOf={lost}
        asOfLabel={lost === null ? null : trans.__('as of %1', formatTime(lost, now))}
        opened={opened}
        selection={selection}
        canStop={canWrite}
        actions={{
          stop: run => actions.stop([run]),
          open: run => open(run),
          free: remedy => void freeGpu(host, remedy),
          menu
        }}
        sorting={
          <SortButton sort={sort} metric={commonMetric(rows)} onSort={setSort} onMenu={showMenu} />
        }
        onSection={name => setClosed(toggled(closed, name))}
        onPin={run => open(run, true)}
        onKey={onKey}
        onVisible={fetched.onVisible}
        onPointer={onPointer}
        listRef={listRef}
      />
      {chosen.length > 0 && (
        <BulkBar
          count={chosen.length}
          stoppable={chosen.filter(isStoppable).length}
          onStop={() => actions.stop(chosen)}
          onCompare={host.compareRuns && (() => actions.compare(chosen))}
          onTag={() => actions.tag(chosen)}
          onArchive={() => actions.archive(chosen)}
          onMore={at =>
            showMenu(trans.__('Selected runs'), at, runMenu(chosen, actions, host, canWrite))
          }
          onClear={selection.clear}
        />
      )}
    </>
  );
}

/** What stands in the place of the list; null when there are rows. */
function whatElse(
  fetched: ReturnType<typeof useRows>,
  lost: boolean,
  searching: boolean
): 'failed' | 'loading' | 'no runs' | 'no match' | null {
  const code = fetched.error?.code;
  if (code === 'no_workspace') {
    return 'no runs';
  }
  if (!fetched.ready) {
    return code !== undefined && code !== 'network' && !lost ? 'failed' : 'loading';
  }
  return fetched.total > 0 ? null : searching ? 'no match' : 'no runs';
}

function NothingFound(props: IRunsPaneProps): React.JSX.Element {
  const { source, text, filters, archived, onSearch } = props;
  const last = filters[filters.length - 1];
  const rest = filters.slice(0, -1);
  const without = useMatches(source, last ? filteredQuery(text, rest, archived) : null);
  return (
    <NoMatch
      text={text}
      filter={last}
      without={without}
      archived={archived}
      onRemove={() => onSearch(last ? text : '', last ? rest : [])}
    />
  );
}

function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) {
    next.add(value);
  }
  return next;
}

/** Below the name in a run's row, where its menu opens for the keyboard. */
function corner(list: HTMLElement | null, id: string): { x: number; y: number } {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-run]') ?? [])];
  const box = rows.find(row => row.dataset.run === id)?.getBoundingClientRect();
  return { x: (box?.left ?? 0) + 36, y: (box?.top ?? 0) + 24 };
}
