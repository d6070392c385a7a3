import React, { useCallback, useEffect, useRef, useState } from 'react';
import { formatDuration } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { toClipboard } from '../data/clipboard';
import { useNow } from '../data/useNow';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { logKeys } from './keys';
import { LogLines } from './LogLines';
import { LogRuler } from './LogRuler';
import { LogStatus } from './LogStatus';
import { LogToolbar } from './LogToolbar';
import type { FrameLink } from './LineView';
import type { LogStore } from './store';
import { useFileCount } from './useFileCount';
import { useLogStore } from './useLogStore';
import type { IGoTo } from './useScroll';
import { useSearch } from './useSearch';
import { useTimes } from './useTimes';

/** A log and what it is called; null: by its file's name. */
export interface ILogFile {
  readonly path: string;
  readonly name: string | null;
}

export interface ILogViewProps {
  readonly source: IRunSource;
  readonly runId: string;
  /** Log files of the run; the first one is shown first. */
  readonly files: readonly ILogFile[];
  /** The file shown; absent or unknown: the first one. */
  readonly path?: string;
  /** Line, from 1, to begin at. */
  readonly line?: number;
  readonly onPath: (path: string) => void;
  /** Shows a traceback's line in the source; absent: frames are no links. */
  readonly onFrame?: FrameLink;
  /** When the run started, ms since the epoch, for the sentence about an empty log. */
  readonly startedMs?: number | null;
}

/** What stands in the place of lines that are not there. */
export function NothingPrinted({
  final,
  startedMs
}: {
  readonly final: boolean;
  readonly startedMs?: number | null;
}): React.JSX.Element {
  const now = useNow(final ? null : 1000);
  if (final) {
    return <EmptyState title={trans.__('Nothing was printed.')} />;
  }
  const started = startedMs
    ? trans.__('Started %1 ago.', formatDuration(now - startedMs))
    : undefined;
  return <EmptyState title={trans.__('Nothing printed yet.')} text={started} />;
}

/** Following, and how many lines came since it stopped. */
function useFollow(store: LogStore | null): {
  follow: boolean;
  setFollow: (follow: boolean) => void;
  missed: number;
} {
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const end = store ? store.buffer.first + store.buffer.length : 0;
  const setFollow = useCallback(
    (follow: boolean) => {
      store?.pin(!follow);
      if (follow) {
        store?.goEnd();
      }
      setPausedAt(follow || !store ? null : store.buffer.first + store.buffer.length);
    },
    [store]
  );
  useEffect(() => setPausedAt(null), [store]);
  return {
    follow: pausedAt === null,
    setFollow,
    missed: pausedAt !== null && store?.attached ? Math.max(0, end - pausedAt) : 0
  };
}

/** Goes to the line that the view was opened at, once. */
function useFirstLine(
  store: LogStore | null,
  line: number | undefined,
  goTo: (id: number) => void
): void {
  const done = useRef<LogStore | null>(null);
  const open = store !== null && store.loading === null;
  useEffect(() => {
    if (!store || !open || line === undefined || !(line > 0) || done.current === store) {
      return;
    }
    done.current = store;
    void store.goLine(line).then(() => {
      const id = store.idOf(line);
      if (id !== null) {
        goTo(id);
      }
    });
    // Where to begin is read once for each log that is opened.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store, open, line]);
}

/** Floats over the lines while they are not followed. */
function FollowButton(props: { missed: number; onClick: () => void }): React.JSX.Element {
  return (
    <Button className="jp-ml-log-follow" icon="down" onClick={props.onClick}>
      {props.missed > 0
        ? trans._n('Follow, %1 new line', 'Follow, %1 new lines', props.missed)
        : trans.__('Follow')}
    </Button>
  );
}

/** Copies what is selected, or all lines that are loaded. */
function copyLog(store: LogStore | null): void {
  const selected = String(document.getSelection() ?? '');
  void toClipboard(selected || (store?.buffer.text() ?? ''));
}

/** A run's whole log: opens at its end, follows it, is searched, wrapped, shown raw, copied, downloaded. */
export function LogView(props: ILogViewProps): React.JSX.Element {
  const { source, runId, files, startedMs, onFrame } = props;
  const [raw, setRaw] = useState(false);
  const [wrap, setWrap] = useState(false);
  const [times, setTimes] = useState(false);
  const [target, setTarget] = useState<IGoTo | null>(null);
  const [shown, setShown] = useState({ first: 0, last: 0 });
  const field = useRef<HTMLInputElement>(null);
  const path = (files.find(file => file.path === props.path) ?? files[0])?.path ?? '';
  const store = useLogStore(source, runId, path, { raw, whole: true });
  const search = useSearch(store);
  const count = useFileCount(source, runId, path, search.query, store !== null && !store.complete);
  const { follow, setFollow, missed } = useFollow(store);
  const timeOf = useTimes(source, runId, path, store, times);
  const onView = useCallback((first: number, last: number) => setShown({ first, last }), []);

  const goTo = (line: number): void => {
    setFollow(false);
    setTarget({ line });
  };
  useFirstLine(store, props.line, goTo);
  /** The next match behind the window, which is moved to it; null where the window goes on. */
  const nextInFile = async (by: 1 | -1): Promise<number | null> => {
    const { current, matches, query } = search;
    const last = current === matches.length - 1 || matches.length === 0;
    if (by === -1 || !store || store.attached || !last) {
      return null;
    }
    const { text, regex, matchCase } = query;
    const after = store.buffer.end;
    const args = { run: runId, path, text, regex, case: matchCase, after, limit: 1 };
    const hits = await source.query('logSearch', args).catch(() => null);
    const line = hits?.matches[0]?.line;
    return line && (await store.goLine(line)) ? store.idOf(line) : null;
  };
  const onGo = (by: 1 | -1): void => {
    store?.pin(true);
    void nextInFile(by).then(line => {
      if (line !== null) {
        goTo(line);
        return;
      }
      void search.go(by, by === 1 ? shown.first : shown.last + 1).then(match => {
        if (match) {
          goTo(match.line);
        }
      });
    });
  };
  const onKeyDown = logKeys({
    find: () => {
      field.current?.focus();
      field.current?.select();
    },
    f: () => setFollow(!follow),
    w: () => setWrap(!wrap),
    End: () => setFollow(true),
    Home: () => {
      setFollow(false);
      void store?.goStart().then(() => goTo(store.buffer.first));
    }
  });

  return (
    <div className="jp-ml-logview" onKeyDown={onKeyDown}>
      <LogToolbar
        {...{ search, field, onGo, files, path, wrap, raw, times, count }}
        onPath={props.onPath}
        onTimes={setTimes}
        onWrap={setWrap}
        onRaw={setRaw}
        onCopy={() => copyLog(store)}
        download={source.fileUrl(runId, path, true)}
        size={store?.size ?? 0}
      />
      {store?.empty ? (
        <NothingPrinted final={store.final} startedMs={startedMs} />
      ) : (
        <div className="jp-ml-log-view" aria-busy={!store || store.loading === 'opening'}>
          {store && (
            <>
              <LogLines
                {...{ store, wrap, follow, target, onView, timeOf, onFrame }}
                onFollow={setFollow}
                matches={search.matches}
                focus={search.matches[search.current] ?? null}
              />
              <LogRuler store={store} matches={search.matches} {...shown} onGo={goTo} />
            </>
          )}
          {!follow && <FollowButton missed={missed} onClick={() => setFollow(true)} />}
        </div>
      )}
      {store && <LogStatus store={store} follow={follow} line={shown.last} />}
    </div>
  );
}
