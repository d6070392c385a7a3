import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { countLines } from '../../model/shorten';
import { measureText } from '../ui/measure';
import { rowAt, rowHeight, rowTops, type ListRow } from './rows';

/** Rows drawn beyond the visible ones, so that quick scrolling shows no gap. */
const OVERSCAN = 6;
/** Sentences whose lines are remembered; those of waiting runs change all the time. */
const MOST_COUNTED = 5000;
/** Left of the sentence: padding, icon, gap; right: padding. */
const SENTENCE_INSET_PX = 12 + 16 + 8 + 12;

interface IGeometry {
  readonly tops: Float64Array;
  /** First and last row to draw; last is -1 when there is none. */
  readonly first: number;
  readonly last: number;
  readonly onScroll: () => void;
}

/** Font of the second lines: the list's own, two pixels smaller, whatever size the host has chosen. */
function sentenceFont(list: HTMLElement): string {
  const { fontSize, fontFamily } = getComputedStyle(list);
  return `${parseFloat(fontSize) - 2}px ${fontFamily}`;
}

/** Where rows lie in a scrolling element and which of them have to be drawn. */
export function useGeometry(
  ref: React.RefObject<HTMLElement>,
  rows: readonly ListRow[],
  opened: ReadonlySet<string>
): IGeometry {
  const [box, setBox] = useState({
    top: 0,
    height: 600,
    width: 320,
    font: '11px sans-serif',
    fonts: 0
  });
  const look = useCallback(() => {
    const element = ref.current;
    if (element) {
      const { scrollTop: top, clientHeight, clientWidth } = element;
      const [height, width] = [clientHeight || 600, clientWidth || 320];
      const font = sentenceFont(element);
      setBox(old =>
        old.top === top && old.height === height && old.width === width && old.font === font
          ? old
          : { top, height, width, font, fonts: old.fonts }
      );
    }
  }, [ref]);
  useLayoutEffect(look, [look, rows]);
  useEffect(() => {
    if (!ref.current || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(look);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref, look]);

  useEffect(() => {
    // A font that comes late has the same name and other widths.
    const renew = (): void => setBox(old => ({ ...old, fonts: old.fonts + 1 }));
    const faces = document.fonts as FontFaceSet | undefined; // not in every host
    faces?.addEventListener('loadingdone', renew);
    return () => faces?.removeEventListener('loadingdone', renew);
  }, []);

  const { width, font, fonts } = box;
  const counted = useRef(new Map<string, number>());
  const tops = useMemo(() => {
    const measure = (text: string): number => measureText(text, font);
    const lines = (sentence: string): number => {
      const key = `${fonts} ${font} ${width} ${sentence}`;
      const known = counted.current.get(key);
      const count = known ?? countLines(sentence, width - SENTENCE_INSET_PX, measure);
      if (counted.current.size > MOST_COUNTED) {
        counted.current.clear();
      }
      counted.current.set(key, count);
      return count;
    };
    return rowTops(rows.map(row => rowHeight(row, opened, lines)));
  }, [rows, opened, width, font, fonts]);

  return {
    tops,
    first: Math.max(0, rowAt(tops, box.top) - OVERSCAN),
    last: Math.min(rows.length - 1, rowAt(tops, box.top + box.height) + OVERSCAN),
    onScroll: look
  };
}

/** Scrolls so that a row is wholly visible; moves nothing when it is. */
export function reveal(element: HTMLElement, tops: Float64Array, index: number): void {
  const top = tops[index] ?? 0;
  const bottom = tops[index + 1] ?? top;
  if (top < element.scrollTop) {
    element.scrollTop = top;
  } else if (bottom > element.scrollTop + element.clientHeight) {
    element.scrollTop = bottom - element.clientHeight;
  }
}
