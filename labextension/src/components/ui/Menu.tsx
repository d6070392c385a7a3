import React, { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

export interface IMenuItem {
  readonly label: string;
  /** Key that does the same, as it is written. */
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly run: () => void;
}
/** A line between groups. */
export type MenuEntry = IMenuItem | 'separator';

interface IMenuProps {
  /** Top left corner in the window, px; moved so that the menu stays inside. */
  readonly at: { readonly x: number; readonly y: number };
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly onClose: () => void;
}

const EDGE_PX = 4;

/** Index of the next entry that can be chosen, going round; -1 when there is none. */
export function nextEntry(entries: readonly MenuEntry[], from: number, by: 1 | -1): number {
  for (let i = 1; i <= entries.length; i += 1) {
    const at = (((from + by * i) % entries.length) + entries.length) % entries.length;
    const entry = entries[at];
    if (entry !== undefined && entry !== 'separator' && !entry.disabled) {
      return at;
    }
  }
  return -1;
}

/** Where a box of this size goes so that it lies inside the window. */
function inside(at: IMenuProps['at'], box: DOMRect): { left: number; top: number } {
  return {
    left: Math.max(EDGE_PX, Math.min(at.x, window.innerWidth - box.width - EDGE_PX)),
    top: Math.max(EDGE_PX, Math.min(at.y, window.innerHeight - box.height - EDGE_PX))
  };
}

/** A menu over everything. Takes the focus, gives it back; Esc, Tab, scrolling outside and a click outside close it. */
export function Menu({ at, label, entries, onClose }: IMenuProps): React.JSX.Element {
  const { x, y } = at;
  const ref = useRef<HTMLUListElement>(null);
  const [active, setActive] = useState(() => nextEntry(entries, -1, 1));
  const [place, setPlace] = useState({ left: x, top: y });
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const before = document.activeElement;
    if (ref.current) {
      setPlace(inside({ x, y }, ref.current.getBoundingClientRect()));
      ref.current.focus({ preventScroll: true });
    }
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus({ preventScroll: true });
      }
    };
  }, [x, y]);

  useEffect(() => {
    const outside = (event: Event): void => {
      if (!(event.target instanceof Node && ref.current?.contains(event.target))) {
        close.current();
      }
    };
    document.addEventListener('pointerdown', outside, true);
    window.addEventListener('resize', outside);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('resize', outside);
    };
  }, []);

  const choose = (index: number): void => {
    const entry = entries[index];
    if (entry !== undefined && entry !== 'separator' && !entry.disabled) {
      onClose();
      entry.run();
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      onClose();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setActive(nextEntry(entries, active, event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Home' || event.key === 'End') {
      setActive(
        nextEntry(
          entries,
          event.key === 'Home' ? -1 : entries.length,
          event.key === 'Home' ? 1 : -1
        )
      );
    } else if (event.key === 'Enter' || event.key === ' ') {
      choose(active);
    } else {
      return;
    }
    event.preventDefault();
  };

  return createPortal(
    <div className="jp-ml-root jp-ml-overlay">
      <ul
        ref={ref}
        role="menu"
        aria-label={label}
        tabIndex={-1}
        className="jp-ml-menu"
        style={place}
        onKeyDown={onKeyDown}
        onContextMenu={event => event.preventDefault()}
        aria-activedescendant={active >= 0 ? `jp-ml-menu-${active}` : undefined}
      >
        {entries.map((entry, i) =>
          entry === 'separator' ? (
            <li key={i} role="separator" />
          ) : (
            <li
              key={i}
              id={`jp-ml-menu-${i}`}
              role={entry.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
              aria-checked={entry.checked}
              aria-disabled={entry.disabled}
              className={i === active ? 'jp-mod-active' : undefined}
              onPointerMove={() => !entry.disabled && i !== active && setActive(i)}
              onClick={() => choose(i)}
            >
              <span>{entry.label}</span>
              {entry.keys && <span className="jp-ml-kbd">{entry.keys}</span>}
            </li>
          )
        )}
      </ul>
    </div>,
    document.body
  );
}
