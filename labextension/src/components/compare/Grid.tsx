import React, { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { lineAt, windowOf, type IWindow } from './gridWindow';

export interface IGridProps {
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** Px of a column. */
  readonly width: (column: number) => number;
  /** Px of the first column, which stays while the others scroll. */
  readonly headWidth: number;
  readonly corner: React.ReactNode;
  readonly columnHead: (column: number) => React.ReactNode;
  readonly rowHead: (row: number) => React.ReactNode;
  readonly cell: (row: number, column: number) => React.ReactNode;
  readonly cellClass?: (row: number, column: number) => string;
  readonly rowKey: (row: number) => string;
  readonly rowClass?: (row: number) => string;
  readonly onRow?: (row: number | null) => void;
  /** A key on a cell; row and column are -1 on the heads. True: it is done. */
  readonly onKey?: (event: React.KeyboardEvent, row: number, column: number) => boolean;
}

export const ROW_PX = 28;
const HEAD_PX = 32;

/** What of the grid can be seen, followed. */
function useBox(ref: React.RefObject<HTMLElement>): [IWindow, () => void] {
  const [box, setBox] = useState<IWindow>({ left: 0, top: 0, width: 1280, height: 480 });
  const look = useCallback(() => {
    const element = ref.current;
    if (element) {
      setBox({
        left: element.scrollLeft,
        top: element.scrollTop,
        width: element.clientWidth || 1280,
        height: element.clientHeight || 480
      });
    }
  }, [ref]);
  useLayoutEffect(look, [look]);
  useEffect(() => {
    if (!ref.current || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(look);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref, look]);
  return [box, look];
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1]
};

/**
 * A table that draws what can be seen of it, both ways. The head and the first column stay. It is one tab stop;
 * arrows go from cell to cell, heads included.
 */
export function Grid(props: IGridProps): React.JSX.Element {
  const { rows, columns, width, headWidth } = props;
  const place = useRef<HTMLDivElement>(null);
  const [box, look] = useBox(place);
  const [active, setActive] = useState<readonly [number, number]>([0, -1]);
  const [focused, setFocused] = useState(false);
  const lefts = [0];
  for (let i = 0; i < columns; i += 1) {
    lefts.push((lefts[i] ?? 0) + width(i));
  }
  const total = lefts[columns] ?? 0;
  const [top, bottom] = windowOf(rows, ROW_PX, box.top, box.height - HEAD_PX);
  const first = Math.max(0, lineAt(lefts, box.left) - 1);
  const last = Math.min(columns - 1, lineAt(lefts, box.left + box.width - headWidth) + 1);
  const seen = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const id = (row: number, column: number): string => `jp-ml-cell-${row}-${column}`;

  const reveal = (row: number, column: number): void => {
    const element = place.current;
    if (!element) {
      return;
    }
    const up = row * ROW_PX;
    const room = element.clientHeight - HEAD_PX - ROW_PX;
    if (row >= 0) {
      element.scrollTop = Math.min(up, Math.max(element.scrollTop, up - room));
    }
    if (column >= 0) {
      const from = lefts[column] ?? 0;
      const until = (lefts[column + 1] ?? from) - (element.clientWidth - headWidth);
      element.scrollLeft = Math.min(from, Math.max(element.scrollLeft, until));
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget) {
      return;
    }
    const move = MOVES[event.key];
    const [row, column] = active;
    const clamp = (n: number, most: number): number => Math.max(-1, Math.min(most - 1, n));
    if (move) {
      const next = [clamp(row + move[0], rows), clamp(column + move[1], columns)] as const;
      setActive(next);
      reveal(...next);
    } else if (!props.onKey?.(event, row, column)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const mark = (row: number, column: number): string =>
    focused && active[0] === row && active[1] === column ? ' jp-mod-active' : '';
  const row = (at: number): React.JSX.Element => (
    <div
      key={props.rowKey(at)}
      role="row"
      aria-rowindex={at + 2}
      className={`jp-ml-grid-row ${props.rowClass?.(at) ?? ''}`}
      style={{ top: HEAD_PX + at * ROW_PX, width: headWidth + total }}
      onPointerEnter={props.onRow && (() => props.onRow?.(at))}
    >
      <div
        id={id(at, -1)}
        role="rowheader"
        className={`jp-ml-grid-first${mark(at, -1)}`}
        style={{ width: headWidth }}
      >
        {props.rowHead(at)}
      </div>
      {seen.map(column => (
        <div
          key={column}
          id={id(at, column)}
          role="gridcell"
          aria-colindex={column + 2}
          className={`jp-ml-grid-cell ${props.cellClass?.(at, column) ?? ''}${mark(at, column)}`}
          style={{ left: headWidth + (lefts[column] ?? 0), width: width(column) }}
        >
          {props.cell(at, column)}
        </div>
      ))}
    </div>
  );
  return (
    <div
      ref={place}
      className="jp-ml-grid"
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows + 1}
      aria-colcount={columns + 1}
      aria-activedescendant={focused ? id(...active) : undefined}
      tabIndex={0}
      onScroll={look}
      onKeyDown={onKeyDown}
      onFocus={event => setFocused(event.target === event.currentTarget)}
      onBlur={() => setFocused(false)}
      onPointerLeave={props.onRow && (() => props.onRow?.(null))}
    >
      <div
        className="jp-ml-grid-all"
        style={{ width: headWidth + total, height: HEAD_PX + rows * ROW_PX }}
      >
        <div role="row" aria-rowindex={1} className="jp-ml-grid-head" style={{ height: HEAD_PX }}>
          <div
            id={id(-1, -1)}
            role="columnheader"
            className={`jp-ml-grid-first${mark(-1, -1)}`}
            style={{ width: headWidth }}
          >
            {props.corner}
          </div>
          {seen.map(column => (
            <div
              key={column}
              id={id(-1, column)}
              role="columnheader"
              aria-colindex={column + 2}
              className={`jp-ml-grid-cell${mark(-1, column)}`}
              style={{ left: headWidth + (lefts[column] ?? 0), width: width(column) }}
            >
              {props.columnHead(column)}
            </div>
          ))}
        </div>
        {Array.from({ length: Math.max(0, bottom - top + 1) }, (_, i) => row(top + i))}
      </div>
    </div>
  );
}
