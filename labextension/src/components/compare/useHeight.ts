import { useLayoutEffect, useState, type RefObject } from 'react';

const UNKNOWN_PX = 800;

/** Height of an element in px, followed; 800 until it is known. */
export function useHeight(ref: RefObject<HTMLElement>): number {
  const [height, setHeight] = useState(UNKNOWN_PX);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => {
      if (element.clientHeight > 0) {
        setHeight(element.clientHeight);
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return height;
}
