import React, { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../model/format';
import { layOut, ROW_PX, type ILogLayout } from './layout';
import { LineView } from './LineView';
import type { IMatch } from './search';
import type { LogStore } from './store';
import { useRoom } from './useRoom';

/** Lines drawn beyond the view, above and below. */
const SPARE = 24;
/** Distance from an end of the window from which the next part is loaded, in px. */
const NEAR_PX = 1200;
/** Distance from the end that still counts as being there, in px. */
const END_PX = 6;
const NONE: readonly IMatch[] = [];

export interface IGoTo {
  readonly line: number;
}

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

interface IRowsProps extends Pick<ILogLinesProps, 'store' | 'matches' | 'focus'> {
  readonly layout: ILogLayout;
  readonly from: number;
  readonly to: number;
  readonly numbers: boolean;
}

function Rows({ store, layout, from, to, numbers, matches, focus }: IRowsProps): React.JSX.Element {
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
              {store.complete ? formatCount(id - buffer.first + 1) : ''}
            </span>
          )}
          <LineView
            line={line}
            kind={kind}
            matches={found.get(id) ?? NONE}
            focus={focus?.line === id ? focus : null}
          />
        </div>
      );
    }
  }
  return <>{rows}</>;
}

/**
 * The lines of a log, of which only those in view are drawn. Keeps the view where it is when lines come or go above
 * it; follows the end while `follow` is set; loads the next part near an end of the window.
 */
export function LogLines(props: ILogLinesProps): React.JSX.Element {
  const { store, wrap, follow, onFollow, target, onView } = props;
  const { buffer, version } = store;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const [numbers, setNumbers] = useState(false);
  const room = useRoom(box, numbers);
  const columns = wrap ? room.columns : null;
  const layout = useMemo(
    () => layOut(buffer, columns),
    // The version stands for the buffer's content.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [buffer, version, columns]
  );
  /** What the view is held at: a line and how far it is scrolled under the edge, in px. */
  const anchor = useRef({ line: 0, delta: 0 });
  const lastTop = useRef(0);
  /** Where the view was last scrolled to from here: its scroll event says nothing about the person. */
  const programmed = useRef(-1);
  const scrollTo = (element: HTMLElement, top: number): void => {
    element.scrollTop = Math.max(0, top);
    programmed.current = element.scrollTop;
    lastTop.current = element.scrollTop;
  };

  useEffect(() => {
    if (store.complete && store.loading !== 'opening') {
      setNumbers(true);
    }
  }, [store, version]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const top = follow
      ? Math.max(0, element.scrollHeight - element.clientHeight)
      : layout.top(anchor.current.line) + anchor.current.delta;
    if (Math.abs(element.scrollTop - top) > 0.5) {
      scrollTo(element, top);
    }
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [layout, follow, room.height]);

  useLayoutEffect(() => {
    const element = box.current;
    if (target && element) {
      anchor.current = { line: target.line, delta: -Math.floor(element.clientHeight / 2) };
      scrollTo(element, layout.top(target.line) + anchor.current.delta);
      setView({ top: element.scrollTop, height: element.clientHeight });
    }
    // Only a new target moves the view, not new lines.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [target]);

  const near = (top: number, height: number): void => {
    if (top < NEAR_PX && !store.complete && !follow && store.error === null) {
      void store.loadEarlier();
    } else if (layout.height - top - height < NEAR_PX && !store.attached) {
      void store.loadLater();
    }
  };
  useEffect(() => near(view.top, view.height));

  const onScroll = (): void => {
    const element = box.current;
    if (!element) {
      return;
    }
    const { scrollTop: top, clientHeight: height } = element;
    if (top === programmed.current) {
      setView({ top, height });
      return;
    }
    programmed.current = -1;
    const line = layout.at(top);
    anchor.current = { line, delta: top - layout.top(line) };
    const atEnd = layout.height - top - height < END_PX;
    if (!follow && atEnd && store.attached && top > lastTop.current) {
      onFollow(true);
    } else if (follow && !atEnd && top < lastTop.current - 1) {
      onFollow(false);
    }
    lastTop.current = top;
    setView({ top, height });
  };

  const from = Math.max(buffer.first, layout.at(view.top) - SPARE);
  const to = layout.at(view.top + view.height) + SPARE;
  const [shownFirst, shownLast] = [layout.at(view.top), layout.at(view.top + view.height)];
  useEffect(() => onView(shownFirst, shownLast), [onView, shownFirst, shownLast]);
  return (
    <div
      ref={box}
      className={`jp-ml-log jp-ml-log-lines${wrap ? ' jp-mod-wrap' : ''}${numbers ? ' jp-mod-numbers' : ''}`}
      role="log"
      aria-live="off"
      aria-label="Log"
      tabIndex={0}
      onScroll={onScroll}
    >
      <div className="jp-ml-log-all" style={{ height: layout.height }}>
        <div className="jp-ml-log-part" style={{ top: layout.top(from) }}>
          <Rows
            {...{ store, layout, from, to, numbers }}
            matches={props.matches}
            focus={props.focus}
          />
        </div>
      </div>
    </div>
  );
}
