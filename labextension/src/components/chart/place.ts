/** How charts are drawn, as a part of a page's link. All pure. */
import type { IRange } from './lines';
import { DEFAULT_SETTINGS, parseSettings, type IChartSettings } from './settings';

/** Keys of a link that charts read and write; a key that is undefined is taken out. */
export type ChartPlace = Readonly<Partial<Record<string, string>>>;

const DIGITS = 9;

const number = (value: number): string =>
  String(Math.abs(value) >= 1e6 ? Math.round(value) : Number(value.toPrecision(DIGITS)));

/** "12000..14500". */
export const rangeText = ({ min, max }: IRange): string => `${number(min)}..${number(max)}`;

/** The range that a text says; null when it says none. */
export function readRange(text: string | undefined): IRange | null {
  const [min = NaN, max = NaN] = (text ?? '').split('..').map(part => (part ? Number(part) : NaN));
  return Number.isFinite(min) && Number.isFinite(max) && min < max ? { min, max } : null;
}

/** The stored settings with what a link says about them. */
export function placedSettings(stored: IChartSettings, at: ChartPlace): IChartSettings {
  return parseSettings({
    ...stored,
    ...(at.axis === undefined ? {} : { axis: at.axis }),
    ...(at.smooth === undefined ? {} : { smoothing: Number(at.smooth) }),
    ...(at.logy === undefined ? {} : { logY: at.logy === '1' })
  });
}

/** What a link says about settings that are not the default ones. */
export function settingsPlace(settings: IChartSettings): ChartPlace {
  const { axis, smoothing, logY } = settings;
  return {
    axis: axis === DEFAULT_SETTINGS.axis ? undefined : axis,
    smooth: smoothing === DEFAULT_SETTINGS.smoothing ? undefined : String(smoothing),
    logy: logY === DEFAULT_SETTINGS.logY ? undefined : '1'
  };
}
