import React, { useLayoutEffect, useRef, useState } from 'react';
import { shortenMiddle } from '../../model/shorten';
import { measureText } from './measure';

/** Layout and canvas round a text's width differently. */
const ROUNDING_PX = 0.5;

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
      const room = element.getBoundingClientRect().width + ROUNDING_PX;
      setShown(shortenMiddle(text, room > ROUNDING_PX ? room : 0, part => measureText(part, font)));
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
    <span
      ref={ref}
      data-text={text}
      className={className ? `jp-ml-mid ${className}` : 'jp-ml-mid'}
      title={text}
    >
      {shown}
    </span>
  );
}
