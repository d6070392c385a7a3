import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { ILogLayout } from './layout';
import type { LogStore } from './store';

/** Distance from the end that still counts as being there, in px. */
const END_PX = 6;

/** Scroll events further apart than this belong to two movements. */
const GESTURE_MS = 250;

/** A line to bring into view. */
export interface IGoTo {
  readonly line: number;
}

/** What of the lines is in view, px. */
export interface IView {
  readonly top: number;
  readonly height: number;
}

interface IScrollOptions {
  readonly box: RefObject<HTMLElement>;
  readonly store: LogStore;
  readonly layout: ILogLayout;
  /** Height of the box, px: when it changes, the end is gone to again. */
  readonly height: number;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  /** A new object brings its line into view. */
  readonly target: IGoTo | null;
}

/**
 * Where a scrolled view of lines stands. It is held at a line, not at a height, so that lines that come or go above it
 * do not move it; while following it stays at the end. A person who scrolls up stops following, at the end it starts.
 */
export function useScroll(options: IScrollOptions): { view: IView; onScroll: () => void } {
  const { box, store, layout, height, follow, onFollow, target } = options;
  const [view, setView] = useState<IView>({ top: 0, height: 400 });
  const anchor = useRef({ line: 0, delta: 0 });
  const lastTop = useRef(0);
  /** Where the view was last scrolled to from here: its scroll event says nothing about the person. */
  const programmed = useRef(-1);
  const gesture = useRef({ last: 0, height: 0 });

  const moveTo = useCallback((element: HTMLElement, top: number): void => {
    if (Math.abs(element.scrollTop - top) > 0.5) {
      element.scrollTop = Math.max(0, top);
      programmed.current = element.scrollTop;
      lastTop.current = element.scrollTop;
    }
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (element) {
      const { line, delta } = anchor.current;
      const end = Math.max(0, element.scrollHeight - element.clientHeight);
      moveTo(element, follow ? end : layout.top(line) + delta);
    }
  }, [box, layout, follow, height, moveTo]);

  useLayoutEffect(() => {
    const element = box.current;
    if (target && element) {
      const delta = -Math.floor(element.clientHeight / 2);
      anchor.current = { line: target.line, delta };
      moveTo(element, layout.top(target.line) + delta);
    }
    // Only a new target moves the view, not new lines.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [target]);

  /** Height of the lines when this scrolling began: the end that a person goes to moves on while they go. */
  const endOfGesture = (): number => {
    const now = performance.now();
    if (now - gesture.current.last > GESTURE_MS) {
      gesture.current.height = layout.height;
    }
    gesture.current.last = now;
    return gesture.current.height;
  };

  const onScroll = (): void => {
    const element = box.current;
    if (!element) {
      return;
    }
    const { scrollTop: top, clientHeight } = element;
    setView({ top, height: clientHeight });
    if (top === programmed.current) {
      return;
    }
    programmed.current = -1;
    const line = layout.at(top);
    anchor.current = { line, delta: top - layout.top(line) };
    const down = top > lastTop.current;
    if (!follow && down && store.attached && endOfGesture() - top - clientHeight < END_PX) {
      onFollow(true);
    } else if (follow && !down && layout.height - top - clientHeight >= END_PX) {
      onFollow(false);
    }
    lastTop.current = top;
  };
  return { view, onScroll };
}
