import React, { useLayoutEffect, useRef, useState } from 'react';
import { shortenMiddle } from '../../model/shorten';

let context: CanvasRenderingContext2D | null | undefined;

/** Width of text in the font of an element, in px; 0 where there is no canvas (then nothing is cut). */
function measure(text: string, font: string): number {
  if (context === undefined) {
    context = document.createElement('canvas').getContext('2d');
  }
  if (!context) {
    return 0;
  }
  context.font = font;
  return context.measureText(text).width;
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
  const [shown, setShown] = useState(text);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    const fit = (): void => {
      const { font } = getComputedStyle(element);
      setShown(shortenMiddle(text, element.clientWidth, part => measure(part, font)));
    };
    fit();
    if (typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    return () => observer.disconnect();
  }, [text]);
  return (
    <span ref={ref} className={className ? `jp-ml-mid ${className}` : 'jp-ml-mid'} title={text}>
      {shown}
    </span>
  );
}
