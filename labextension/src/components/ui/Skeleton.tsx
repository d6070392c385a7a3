import React, { useEffect, useState } from 'react';
import { trans } from '../../model/language';

/** A skeleton is shown after this long only, so that a quick answer does not flicker. */
const SHOW_AFTER_MS = 200;

/** False for the first 200 ms of its life. */
export function useLate(): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return late;
}

/** A grey bar where text will be. */
export function Skeleton({ width }: { width: number | string }): React.JSX.Element {
  return <span className="jp-ml-skel" style={{ width }} />;
}

const WIDTHS = [62, 73, 45, 56, 68, 50, 64];

/** Rows of the list while the first answer is awaited, at their final height. */
export function SkeletonRows({ count = 7 }: { count?: number }): React.JSX.Element {
  const late = useLate();
  return (
    <div className="jp-ml-skel-rows" role="group" aria-busy="true" aria-label={trans.__('Loading')}>
      {late &&
        Array.from({ length: count }, (_, i) => (
          <div key={i} className="jp-ml-skel-row">
            <span className="jp-ml-skel jp-ml-skel-dot" />
            <Skeleton width={`${WIDTHS[i % WIDTHS.length] ?? 60}%`} />
            <Skeleton width="40px" />
          </div>
        ))}
    </div>
  );
}
