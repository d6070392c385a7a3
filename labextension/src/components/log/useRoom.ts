import { useLayoutEffect, useState, type RefObject } from 'react';

/** Room beside the text, in px: padding, the line numbers and the times when they are shown. */
const PADDING_PX = 24;
const NUMBERS_PX = 76;
const TIMES_PX = 68;
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

export interface IRoom {
  /** Columns of text that fit side by side. */
  readonly columns: number;
  /** Height of the view, px. */
  readonly height: number;
}

/** How much text an element has room for; follows its size. */
export function useRoom(ref: RefObject<HTMLElement>, numbers: boolean, times: boolean): IRoom {
  const [room, setRoom] = useState<IRoom>({ columns: 80, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    const measure = (): void => {
      const letter = letterWidth(element);
      const beside = (numbers ? NUMBERS_PX : 0) + (times ? TIMES_PX : 0);
      const width = element.clientWidth - PADDING_PX - beside;
      if (letter > 0 && width > 0) {
        const columns = Math.max(10, Math.floor(width / letter));
        const height = element.clientHeight;
        setRoom(old =>
          old.columns === columns && old.height === height ? old : { columns, height }
        );
      }
    };
    measure();
    if (typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, numbers, times]);
  return room;
}
