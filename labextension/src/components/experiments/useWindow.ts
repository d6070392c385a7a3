import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from 'react';

/** Height of a row of the table. */
export const ROW_PX = 28;
/** Rows drawn beyond the visible ones. */
const OVERSCAN = 10;

/** Which rows of the scrolled table are to be drawn. */
export function useWindow(
  ref: RefObject<HTMLElement>,
  total: number
): { first: number; last: number; onScroll: () => void } {
  const [box, setBox] = useState({ top: 0, height: 600 });
  const look = useCallback(() => {
    const element = ref.current;
    if (element) {
      const { scrollTop: top, clientHeight } = element;
      const height = clientHeight || 600;
      setBox(old => (old.top === top && old.height === height ? old : { top, height }));
    }
  }, [ref]);
  useLayoutEffect(look, [look, total]);
  useEffect(() => {
    if (!ref.current || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(look);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref, look]);
  return {
    first: Math.max(0, Math.floor(box.top / ROW_PX) - OVERSCAN),
    last: Math.min(total - 1, Math.ceil((box.top + box.height) / ROW_PX) + OVERSCAN),
    onScroll: look
  };
}
