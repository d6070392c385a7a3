/** Colour of a row by a value of it. All pure. */
import type { IPlotColumn, IPlotRow } from './columns';
import { scaleOf } from './scale';

/** Colours of categories before they begin again. */
const CATEGORY_COLOURS = 10;
/** Amber to blue, mixed in a space where steps look alike; both ends stand out on light and on dark. */
export const LOW_COLOUR = 'var(--mlj-series-2)';
export const HIGH_COLOUR = 'var(--mlj-series-1)';
const NO_VALUE = 'var(--mlj-text-2)';

/** Colour at a place between the low and the high end. */
export const mixed = (place: number): string =>
  `color-mix(in oklab, ${HIGH_COLOUR} ${Math.round(place * 100)}%, ${LOW_COLOUR})`;

/** The colour of each row: by a column's value where one is given, its own otherwise. */
export function rowColours(
  rows: readonly IPlotRow[],
  by: IPlotColumn | null,
  log = false
): readonly string[] {
  if (!by) {
    return rows.map(row => row.colour ?? 'var(--mlj-series-1)');
  }
  const scale = scaleOf(by, log);
  const steps = Math.max(1, scale.at(1) - scale.at(0));
  return rows.map((_, i) => {
    const place = scale.place(by.values[i]);
    if (place === null) {
      return NO_VALUE;
    }
    return scale.kind === 'number'
      ? mixed(place)
      : `var(--mlj-series-${(Math.round(place * steps) % CATEGORY_COLOURS) + 1})`;
  });
}
