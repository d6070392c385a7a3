import React, { useMemo } from 'react';
import { formatDuration } from '../../model/format';
import { trans } from '../../model/language';
import { isEnded } from '../../model/state';
import type { IRunSource } from '../../model/source';
import { useNow } from '../data/useNow';
import { useStream } from '../data/useStream';
import { Button } from '../ui/Button';
import { ROW_PX } from './layout';
import { LineView, type FrameLink } from './LineView';
import type { IMatch } from './search';
import type { LogStore } from './store';
import { useLogStore } from './useLogStore';

const OPEN_BYTES = 16_384;
/** Lines drawn where the tail may grow into free room: what the tallest screen shows. */
const FILLING_LINES = 80;
const NONE: readonly IMatch[] = [];
const LIMITS = { lines: 400, bytes: 262_144 };

export interface ILogTailProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly path: string;
  /** Height, in lines. */
  readonly lines: number;
  /** Opens the whole log. When given, a bar with the title and "Open log" stands above the lines. */
  readonly onOpen?: () => void;
  /** Shows a traceback's line in the source; absent: frames are no links. */
  readonly onFrame?: FrameLink;
  /** What the bar says beside the title, once the log is complete. */
  readonly ended?: string;
}

/** The sentence in the place of lines; its clock runs only while nothing was printed. */
function Nothing({
  started,
  ended
}: {
  started: number | null;
  ended: boolean;
}): React.JSX.Element {
  const now = useNow(ended ? null : 1000);
  if (ended) {
    return <span className="jp-ml-dim">{trans.__('Nothing was printed.')}</span>;
  }
  const text = trans.__('Nothing printed yet.');
  const since =
    started === null ? '' : ` ${trans.__('Started %1 ago.', formatDuration(now - started))}`;
  return (
    <span className="jp-ml-dim">
      {text}
      {since}
    </span>
  );
}

function Tail(props: {
  readonly store: LogStore;
  readonly lines: number;
  readonly onFrame?: FrameLink;
}): React.JSX.Element {
  const { store, lines, onFrame } = props;
  const { buffer } = store;
  const end = buffer.first + buffer.length;
  const ids = Array.from(
    { length: Math.min(lines, buffer.length) },
    (_, i) => end - 1 - i
  ).reverse();
  return (
    <>
      {ids.map(id => {
        const line = buffer.line(id);
        return (
          line && (
            <div key={id} className="jp-ml-log-row">
              <LineView
                line={line}
                kind={buffer.kind(id)}
                matches={NONE}
                focus={null}
                onFrame={buffer.kind(id) === 'user-frame' ? onFrame : undefined}
              />
            </div>
          )
        );
      })}
    </>
  );
}

/** The last lines of a run's log, live. */
export function LogTail(props: ILogTailProps): React.JSX.Element {
  const { source, runId, path, lines, onOpen, ended = trans.__('Ended') } = props;
  const options = useMemo(() => ({ openBytes: OPEN_BYTES, limits: LIMITS }), []);
  const store = useLogStore(source, runId, path, options);
  const run = useStream(source, 'run', { run: runId }).value;
  const over = run !== null && isEnded(run.status);
  return (
    <section className="jp-ml-tail" aria-label={trans.__('Log')}>
      {onOpen && (
        <div className="jp-ml-bar jp-ml-tail-bar">
          <span className="jp-ml-strong">{trans.__('Log')}</span>
          <span className="jp-ml-small jp-ml-dim">{over ? ended : trans.__('Following')}</span>
          <span className="jp-ml-grow" />
          <Button kind="quiet" onClick={onOpen}>
            {trans.__('Open log')}
          </Button>
        </div>
      )}
      <div
        className="jp-ml-log jp-ml-tail-lines"
        role="log"
        aria-live="off"
        aria-label={trans.__('Last lines of the log')}
        style={{ minHeight: lines * ROW_PX }}
      >
        {store?.empty && <Nothing started={run?.started_ms ?? null} ended={over} />}
        {store?.error && <span className="jp-ml-err">{store.error}</span>}
        {store && (
          <Tail
            store={store}
            lines={onOpen ? Math.max(lines, FILLING_LINES) : lines}
            onFrame={props.onFrame}
          />
        )}
      </div>
    </section>
  );
}
