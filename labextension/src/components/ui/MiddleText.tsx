import React, { useLayoutEffect, useRef, useState } from 'react';
import { shortenMiddle } from '../../model/shorten';
import { measureText } from './measure';

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
      setShown(shortenMiddle(text, element.clientWidth, part => measureText(part, font)));
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
