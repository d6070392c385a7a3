import React, { useLayoutEffect, useRef } from 'react';
import { shortenMiddle } from '../../model/shorten';
import { measureText } from './measure';

/** Layout and canvas round a text's width differently. */
const ROUNDING_PX = 0.5;

/** Writes as much of the text as fits, past React: a row of a long list is drawn once, not twice. */
function fit(element: HTMLElement, text: string, width: number): void {
  // The shorthand `font` is empty where it cannot say all, as with tabular numbers.
  const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(element);
  const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  const room = width > 0 ? width + ROUNDING_PX : 0;
  const shown = shortenMiddle(text, room, part => measureText(part, font));
  if (element.firstChild && element.firstChild.nodeValue !== shown) {
    element.firstChild.nodeValue = shown;
  }
}

/** A name that gives way in its middle: the tail tells runs apart. The whole name is its title. */
export function MiddleText({
  text,
  className
}: {
  text: string;
  className?: string;
}): React.JSX.Element {
  const ref = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === 'undefined') {
      return;
    }
    // Told once at the beginning too, after layout and before anything is painted.
    const observer = new ResizeObserver(([entry]) => {
      fit(element, text, entry?.contentRect.width ?? 0);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [text]);
  return (
    <span
      ref={ref}
      data-text={text}
      className={className ? `jp-ml-mid ${className}` : 'jp-ml-mid'}
      title={text}
      dir="auto"
    >
      {text}
    </span>
  );
}
