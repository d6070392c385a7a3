import { useCallback, useEffect, useState } from 'react';
import type { XAxis } from './lines';

/** How all charts of a view are drawn. */
export interface IChartSettings {
  readonly axis: XAxis;
  /** 0 (nothing) to 0.99. */
  readonly smoothing: number;
  readonly logY: boolean;
  readonly ignoreOutliers: boolean;
}

export const DEFAULT_SETTINGS: IChartSettings = {
  axis: 'step',
  smoothing: 0.9,
  logY: false,
  ignoreOutliers: false
};
export const MAX_SMOOTHING = 0.99;

const AXES: readonly string[] = ['step', 'time', 'relative'] satisfies XAxis[];
const isAxis = (value: unknown): value is XAxis =>
  typeof value === 'string' && (AXES.includes(value) || /^metric:./.test(value));

/** Settings from whatever was stored; a field that is not right takes its default. */
export function parseSettings(stored: unknown): IChartSettings {
  if (typeof stored !== 'object' || stored === null) {
    return DEFAULT_SETTINGS;
  }
  const { axis, smoothing, logY, ignoreOutliers } = stored as Partial<Record<string, unknown>>;
  return {
    axis: isAxis(axis) ? axis : DEFAULT_SETTINGS.axis,
    smoothing:
      typeof smoothing === 'number' && smoothing >= 0 && smoothing <= MAX_SMOOTHING
        ? smoothing
        : DEFAULT_SETTINGS.smoothing,
    logY: logY === true,
    ignoreOutliers: ignoreOutliers === true
  };
}

const keyOf = (name: string): string => `ml-jupyter:charts:${name}`;

/** The browser may refuse storage (private windows, full quota): then settings live as long as the view. */
function load(name: string | undefined): IChartSettings {
  if (name === undefined) {
    return DEFAULT_SETTINGS;
  }
  try {
    return parseSettings(JSON.parse(localStorage.getItem(keyOf(name)) ?? 'null'));
  } catch {
    return DEFAULT_SETTINGS;
  }
}

function save(name: string, settings: IChartSettings): void {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify(settings));
  } catch {
    return;
  }
}

/** Settings kept in this browser under a name (an experiment's); without a name they are not kept. */
export function useChartSettings(
  name?: string
): [IChartSettings, (change: Partial<IChartSettings>) => void] {
  const [settings, setSettings] = useState(() => load(name));
  useEffect(() => setSettings(load(name)), [name]);
  const change = useCallback(
    (part: Partial<IChartSettings>) =>
      setSettings(old => {
        const next = { ...old, ...part };
        if (name !== undefined) {
          save(name, next);
        }
        return next;
      }),
    [name]
  );
  return [settings, change];
}
