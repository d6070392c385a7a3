import React, { forwardRef } from 'react';
import { trans } from '../../../model/language';

/** Lines that are written at a time; of more, those nearest to the cursor. */
export const MOST_IN_TIP = 10;

/** What is written of a line. */
export interface ITipLine {
  readonly name: string;
  readonly colour: string;
  readonly value: number | null;
  readonly text: string;
}

interface ITipProps {
  /** How many lines the chart has. */
  readonly lines: number;
}

/** Values of the lines at the cursor; filled and shown without a render, by `tellTip`. */
export const Tip = forwardRef<HTMLDListElement, ITipProps>(function Tip({ lines }, ref) {
  return (
    <dl ref={ref} className="jp-ml-chart-tip" hidden aria-hidden="true">
      {Array.from({ length: Math.min(lines, MOST_IN_TIP) }, (_, i) => (
        <React.Fragment key={i}>
          <dt>
            <i className="jp-ml-swatch" />
            <span className="jp-ml-cut" />
          </dt>
          <dd />
        </React.Fragment>
      ))}
      {lines > MOST_IN_TIP && (
        <dt className="jp-ml-dim">{trans.__('and %1 more', lines - MOST_IN_TIP)}</dt>
      )}
    </dl>
  );
});

/** The lines whose values are nearest to a height on the axis, in their order; all of them where there are few. */
export function nearestLines(
  lines: readonly ITipLine[],
  height: number | null,
  logY: boolean
): readonly ITipLine[] {
  if (lines.length <= MOST_IN_TIP) {
    return lines;
  }
  const bend = (n: number): number => (logY ? Math.log10(n) : n);
  const at = height === null ? null : bend(height);
  // A value that is no number, or has no place on a logarithmic axis, is the farthest.
  const away = ({ value }: ITipLine): number => {
    const apart = value === null ? NaN : at === null ? 0 : Math.abs(bend(value) - at);
    return Number.isNaN(apart) ? Infinity : apart;
  };
  const rank = (value: number | null): number =>
    value === null || Number.isNaN(value) ? -Infinity : value;
  return lines
    .map(line => ({ line, away: away(line) }))
    .sort((a, b) => (a.away === b.away ? 0 : a.away - b.away))
    .slice(0, MOST_IN_TIP)
    .map(({ line }) => line)
    .sort((a, b) => rank(b.value) - rank(a.value) || 0);
}

/** Writes the lines; null hides the tip. */
export function tellTip(tip: HTMLElement | null, lines: readonly ITipLine[] | null): void {
  if (!tip) {
    return;
  }
  if (tip.hidden !== (lines === null)) {
    tip.hidden = lines === null;
  }
  if (lines === null) {
    return;
  }
  const names = tip.querySelectorAll<HTMLElement>('dt > .jp-ml-cut');
  const swatches = tip.querySelectorAll<HTMLElement>('dt > .jp-ml-swatch');
  const values = tip.querySelectorAll('dd');
  lines.forEach(({ name, colour, text }, i) => {
    const [place, swatch, value] = [names[i], swatches[i], values[i]];
    if (place && swatch && value) {
      place.textContent = name;
      swatch.style.borderColor = colour;
      swatch.style.background = colour;
      value.textContent = text;
    }
  });
}
