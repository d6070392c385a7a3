import React, { forwardRef } from 'react';
import type { IOtherLine } from './lines';

interface ITipProps {
  readonly own: { readonly name: string; readonly colour: string };
  readonly others: readonly IOtherLine[];
}

/** Values of all lines at the cursor; filled and shown without a render, by `tellTip`. */
export const Tip = forwardRef<HTMLDListElement, ITipProps>(function Tip({ own, others }, ref) {
  return (
    <dl ref={ref} className="jp-ml-chart-tip" hidden aria-hidden="true">
      {[own, ...others].map(({ name, colour }, i) => (
        <React.Fragment key={i}>
          <dt>
            <i className="jp-ml-swatch" style={{ borderColor: colour, background: colour }} />
            <span className="jp-ml-cut">{name}</span>
          </dt>
          <dd />
        </React.Fragment>
      ))}
    </dl>
  );
});

/** Writes the values, in the order of the lines; null hides the tip. */
export function tellTip(tip: HTMLElement | null, values: readonly string[] | null): void {
  if (!tip) {
    return;
  }
  if (tip.hidden !== (values === null)) {
    tip.hidden = values === null;
  }
  if (values === null) {
    return;
  }
  const places = tip.querySelectorAll('dd');
  values.forEach((value, i) => {
    const place = places[i];
    if (place) {
      place.textContent = value;
    }
  });
}
