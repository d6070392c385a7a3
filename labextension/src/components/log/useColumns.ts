import { useLayoutEffect, useState, type RefObject } from 'react';

/** Room beside the text, in px: padding, and the line numbers when they are shown. */
const PADDING_PX = 24;
const NUMBERS_PX = 76;
const PROBE_LETTERS = 100;

/** Width of one letter in the element's font, in px; 0 where nothing is laid out. */
function letterWidth(element: HTMLElement): number {
  const probe = document.createElement('span');
  probe.textContent = 'x'.repeat(PROBE_LETTERS);
  probe.style.cssText = 'position:absolute;visibility:hidden;white-space:pre';
  element.append(probe);
  const width = probe.getBoundingClientRect().width / PROBE_LETTERS;
  probe.remove();
  return width;
}

/** Columns of text that an element has room for. */
export function useColumns(ref: RefObject<HTMLElement>, numbers: boolean): number {
  const [columns, setColumns] = useState(80);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    const measure = (): void => {
      const letter = letterWidth(element);
      const room = element.clientWidth - PADDING_PX - (numbers ? NUMBERS_PX : 0);
      if (letter > 0 && room > 0) {
        setColumns(Math.max(10, Math.floor(room / letter)));
      }
    };
    measure();
    if (typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, numbers]);
  return columns;
}
