import React, { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { layOut, ROW_PX, type ILogLayout } from './layout';
import { LineView, type FrameLink } from './LineView';
import type { IMatch } from './search';
import type { LogStore } from './store';
import { useNextPart } from './useNextPart';
import { useRoom } from './useRoom';
import { useScroll, type IGoTo } from './useScroll';

/** Lines drawn beyond the view, above and below. */
const SPARE = 24;
const NONE: readonly IMatch[] = [];

interface ILogLinesProps {
  readonly store: LogStore;
  readonly wrap: boolean;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  readonly matches: readonly IMatch[];
  readonly focus: IMatch | null;
  /** A line to bring into view; a new object brings it again. */
  readonly target: IGoTo | null;
  /** Told the lines in view, by number. */
  readonly onView: (first: number, last: number) => void;
  /** When a line of the file was printed, as text; absent: times are not shown. */
  readonly timeOf?: (line: number | null) => string;
  /** Shows the source of a traceback's frame; absent: frames are no links. */
  readonly onFrame?: FrameLink;
}

function byLine(matches: readonly IMatch[], from: number, to: number): Map<number, IMatch[]> {
  const map = new Map<number, IMatch[]>();
  for (const match of matches) {
    if (match.line >= from && match.line <= to) {
      map.set(match.line, [...(map.get(match.line) ?? []), match]);
    }
  }
  return map;
}

interface IRowsProps extends Pick<
  ILogLinesProps,
  'store' | 'matches' | 'focus' | 'timeOf' | 'onFrame'
> {
  readonly layout: ILogLayout;
  readonly from: number;
  readonly to: number;
  readonly numbers: boolean;
}

function Rows(props: IRowsProps): React.JSX.Element {
  const { store, layout, from, to, numbers, matches, focus, timeOf, onFrame } = props;
  const { buffer } = store;
  const found = byLine(matches, from, to);
  const rows: React.JSX.Element[] = [];
  for (let id = from; id <= to; id += 1) {
    const line = buffer.line(id);
    if (line && id < buffer.first + buffer.length) {
      const kind = buffer.kind(id);
      rows.push(
        <div
          key={id}
          className={kind === 'plain' ? 'jp-ml-log-row' : 'jp-ml-log-row jp-mod-marked'}
          style={{ height: layout.rows(id) * ROW_PX }}
        >
          {numbers && (
            <span className="jp-ml-log-no" aria-hidden="true">
              {numberText(store.numberOf(id))}
            </span>
          )}
          {timeOf && (
            <span className="jp-ml-log-time" aria-hidden="true">
              {timeOf(store.numberOf(id))}
            </span>
          )}
          <LineView
            line={line}
            kind={kind}
            matches={found.get(id) ?? NONE}
            focus={focus?.line === id ? focus : null}
            onFrame={kind === 'user-frame' ? onFrame : undefined}
          />
        </div>
      );
    }
  }
  return <>{rows}</>;
}

const numberText = (number: number | null): string => (number === null ? '' : formatCount(number));

/** Whether lines have room for their numbers: from the moment on that these are known. */
function useNumbers(store: LogStore): boolean {
  const [numbers, setNumbers] = useState(false);
  const known = store.numberOf(store.buffer.first) !== null;
  useEffect(() => setNumbers(before => before || known), [known]);
  return numbers;
}

/**
 * The lines of a log, of which only those in view are drawn. Keeps the view where it is when lines come or go above
 * it; follows the end while `follow` is set; loads the next part near an end of the window.
 */
export function LogLines(props: ILogLinesProps): React.JSX.Element {
  const { store, wrap, onView } = props;
  const { buffer } = store;
  // Asked for here too: React drops the effects of a drawing that nothing but a changed buffer was behind.
  const version = useSyncExternalStore(store.listen, store.getVersion);
  const box = useRef<HTMLDivElement>(null);
  const numbers = useNumbers(store);
  const room = useRoom(box, numbers, props.timeOf !== undefined);
  const columns = wrap ? room.columns : null;
  const layout = useMemo(
    () => layOut(buffer, columns),
    // The version stands for the buffer's content.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [buffer, version, columns]
  );
  const { view, onScroll } = useScroll({ ...props, box, layout, height: room.height });
  useNextPart(store, layout, view, props.follow);
  const first = layout.at(view.top);
  const last = layout.at(view.top + view.height);
  useEffect(() => onView(first, last), [onView, first, last]);
  const from = Math.max(buffer.first, first - SPARE);
  const classes = ['jp-ml-log jp-ml-log-lines', wrap && 'jp-mod-wrap', numbers && 'jp-mod-numbers'];
  return (
    <div
      ref={box}
      className={classes.filter(Boolean).join(' ')}
      role="log"
      aria-live="off"
      aria-label={trans.__('Log')}
      tabIndex={0}
      onScroll={onScroll}
    >
      <div className="jp-ml-log-all" style={{ height: layout.height }}>
        <div className="jp-ml-log-part" style={{ top: layout.top(from) }}>
          <Rows
            {...{ store, layout, from, to: last + SPARE, numbers }}
            matches={props.matches}
            focus={props.focus}
            timeOf={props.timeOf}
            onFrame={props.onFrame}
          />
        </div>
      </div>
    </div>
  );
}
