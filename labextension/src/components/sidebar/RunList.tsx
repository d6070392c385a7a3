import React, { useEffect, useId, useMemo, useRef } from 'react';
import { trans } from '../../model/language';
import { Row, type IRunListProps } from './Row';
import { rowKey, type ListRow } from './rows';
import { reveal, useGeometry } from './useGeometry';

const PAGE_ROWS = 12;

/** Where an arrow, Home, End or a page key leads; null for other keys. */
export function moved(key: string, from: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from < 0 ? 0 : from - 1,
    Home: 0,
    End: count - 1,
    PageDown: from + PAGE_ROWS,
    PageUp: from - PAGE_ROWS
  };
  const to = steps[key];
  return to === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, to));
}

/** Index of the row in use; when that has gone, of the one which took its place. -1 before the first. */
function useActiveIndex(rows: readonly ListRow[], active: string | null): number {
  const last = useRef(-1);
  const found = useMemo(() => rows.findIndex(row => rowKey(row) === active), [rows, active]);
  last.current = found >= 0 ? found : Math.min(last.current, rows.length - 1);
  return active === null ? -1 : last.current;
}

/** The list of runs: any length, one tab stop, arrows inside. */
export function RunList(props: IRunListProps): React.JSX.Element {
  const { rows, selection, listRef, onVisible } = props;
  const { tops, first, last, onScroll } = useGeometry(listRef, rows, props.opened);
  const prefix = useId();
  const activeIndex = useActiveIndex(rows, selection.active);
  const moving = useRef(false);
  useEffect(() => onVisible(first, last), [onVisible, first, last]);
  useEffect(() => {
    if (moving.current && listRef.current && activeIndex >= 0) {
      moving.current = false;
      reveal(listRef.current, tops, activeIndex);
    }
  }, [activeIndex, tops, listRef]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const current = rows[activeIndex];
    const to = moved(event.key, activeIndex, rows.length);
    const target = to === null ? undefined : rows[to];
    if (target) {
      moving.current = true;
      if (event.shiftKey) {
        selection.extendTo(target, rows);
      } else {
        selection.moveTo(target);
      }
    } else if (current?.kind === 'section' && isToggle(event.key, current.open)) {
      props.onSection(current.section);
    } else if (current?.kind === 'run' && event.key === ' ') {
      selection.toggle(current);
    } else if (!props.onKey(event, current?.kind === 'run' ? current.run : null)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const drawn = rows.slice(first, last + 1);
  return (
    <div
      ref={listRef}
      className="jp-ml-list"
      role="grid"
      aria-label={trans.__('Runs')}
      aria-multiselectable
      aria-rowcount={rows.length}
      aria-activedescendant={
        activeIndex >= first && activeIndex <= last ? `${prefix}-${activeIndex}` : undefined
      }
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={() => selection.active === null && rows[0] && selection.moveTo(rows[0])}
      onPointerMove={() => props.onPointer(true)}
      onPointerLeave={() => props.onPointer(false)}
    >
      <div
        className="jp-ml-list-all"
        style={{ height: tops[rows.length] ?? 0 }}
        role="presentation"
      >
        {drawn.map((row, i) => (
          <Row
            key={rowKey(row)}
            {...props}
            row={row}
            index={first + i}
            id={`${prefix}-${first + i}`}
            active={first + i === activeIndex}
            top={tops[first + i] ?? 0}
            height={(tops[first + i + 1] ?? 0) - (tops[first + i] ?? 0)}
          />
        ))}
      </div>
    </div>
  );
}

function isToggle(key: string, open: boolean): boolean {
  return key === 'Enter' || key === ' ' || key === (open ? 'ArrowLeft' : 'ArrowRight');
}
