/** Which colour each run's curve has, and what the colours mean. All pure. */
import type { IChildren } from '../../model/children';
import { formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import { HIGH_COLOUR, LOW_COLOUR, rowColours } from '../plots/colour';
import { distinct, isMissing, plotNumber, type IPlotColumn } from '../plots/columns';
import { canBeLog, scaleOf } from '../plots/scale';
import { SERIES_COLOURS } from '../chart/palette';

/** Up to so many runs each has a colour of its own. */
export const FEW = 20;
const MOST_NAMES = 10;
/** Numbers whose largest is so many times the smallest lie on a logarithmic scale. */
const WIDE = 100;

/** What colours the curves: each run for itself, nothing, its best value, or a setting (`setting:lr`). */
export type ColourBy = 'run' | 'none' | 'best' | `setting:${string}`;

export interface IChoice {
  readonly by: ColourBy;
  readonly label: string;
}

export interface INameColour {
  readonly name: string;
  readonly colour: string;
}

export type Meaning =
  | { readonly kind: 'none' }
  | { readonly kind: 'runs' }
  | {
      readonly kind: 'scale';
      readonly label: string;
      readonly low: string;
      readonly high: string;
      readonly colours: readonly [string, string];
    }
  | {
      readonly kind: 'names';
      readonly label: string;
      readonly names: readonly INameColour[];
      /** Names without a place in the list. */
      readonly more: number;
    };

export interface IColouring {
  readonly by: ColourBy;
  /** As CSS takes them, in the runs' order. */
  readonly colours: readonly string[];
  /** The eleventh run has the first one's colour again, and dashes. */
  readonly dashed: readonly boolean[];
  readonly meaning: Meaning;
}

const SETTING = 'setting:';
const ONE = 'var(--mlj-series-1)';

const columnOf = (children: IChildren, by: ColourBy): IPlotColumn | null => {
  if (by === 'best') {
    const label = trans.__('best %1', children.primary ?? '');
    return { id: by, label, values: children.best };
  }
  const label = by.startsWith(SETTING) ? by.slice(SETTING.length) : '';
  const values = children.settings[label];
  return values ? { id: by, label, values } : null;
};

/** What can colour the curves of these runs. */
export function choices(children: IChildren): readonly IChoice[] {
  const best = children.best.some(value => !isMissing(value));
  const settings = Object.entries(children.settings).filter(([, values]) => distinct(values) > 1);
  return [
    ...(children.runs.length <= FEW ? [{ by: 'run' as const, label: trans.__('Run') }] : []),
    ...(best && children.primary !== null
      ? [{ by: 'best' as const, label: trans.__('best %1', children.primary) }]
      : []),
    ...settings.map(([name]) => ({ by: `${SETTING}${name}` as const, label: name })),
    { by: 'none' as const, label: trans.__('Nothing') }
  ];
}

function isWide(column: IPlotColumn): boolean {
  const numbers = column.values.flatMap(value => plotNumber(value) ?? []);
  const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  return canBeLog(column) && high / low >= WIDE;
}

function meaningOf(column: IPlotColumn, log: boolean): Meaning {
  const scale = scaleOf(column, log);
  if (scale.kind === 'number') {
    const [low, high] = [formatMetric(scale.at(0)), formatMetric(scale.at(1))];
    return {
      kind: 'scale',
      label: column.label,
      low,
      high,
      colours: [LOW_COLOUR, HIGH_COLOUR]
    };
  }
  const values = [...new Set(column.values.filter(value => !isMissing(value)).map(String))].sort(
    (a, b) => (scale.place(a) ?? 0) - (scale.place(b) ?? 0)
  );
  const rows = values.map(name => ({ id: name, name }));
  const colours = rowColours(rows, { ...column, values });
  const names = values.map((name, i) => ({ name, colour: colours[i] ?? ONE }));
  return {
    kind: 'names',
    label: column.label,
    names: names.slice(0, MOST_NAMES),
    more: Math.max(0, names.length - MOST_NAMES)
  };
}

/**
 * The colours of all runs.
 *
 * @param by - what was chosen; what these runs do not have falls back to the first choice
 * @param painted - each run's own colour, from 1, kept for as long as it is there
 */
export function colouring(
  children: IChildren,
  by: string | undefined,
  painted: ReadonlyMap<string, number>
): IColouring {
  const known = choices(children);
  const chosen = (known.find(one => one.by === by) ?? known[0])?.by ?? 'none';
  const { runs } = children;
  const plain = runs.map(() => false);
  if (chosen === 'run') {
    const own = runs.map(run => (painted.get(run.id) ?? 1) - 1);
    return {
      by: chosen,
      colours: own.map(at => `var(--mlj-series-${(at % SERIES_COLOURS) + 1})`),
      dashed: own.map(at => at >= SERIES_COLOURS),
      meaning: { kind: 'runs' }
    };
  }
  const column = columnOf(children, chosen);
  if (!column) {
    return {
      by: 'none',
      colours: runs.map(() => ONE),
      dashed: plain,
      meaning: { kind: 'none' }
    };
  }
  const log = isWide(column);
  return {
    by: chosen,
    colours: rowColours(runs, column, log),
    dashed: plain,
    meaning: meaningOf(column, log)
  };
}
