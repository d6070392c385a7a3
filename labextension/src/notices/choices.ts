/** Which events a person wants to be told of. */
export interface INoticeChoices {
  readonly ends: boolean;
  readonly failures: boolean;
  readonly stalls: boolean;
  /** Minutes without a log line or a point of a metric after which a run is told of. */
  readonly stallMinutes: number;
  readonly onlyMine: boolean;
  /** The browser's own notifications too. */
  readonly browser: boolean;
}

export const FIRST_CHOICES: INoticeChoices = {
  ends: true,
  failures: true,
  stalls: true,
  stallMinutes: 15,
  onlyMine: true,
  browser: false
};

/** Choices from stored settings; a field that is not right takes its default. */
export function parseChoices(stored: Readonly<Record<string, unknown>>): INoticeChoices {
  const flag = (name: 'ends' | 'failures' | 'stalls' | 'onlyMine' | 'browser'): boolean => {
    const value = stored[name];
    return typeof value === 'boolean' ? value : FIRST_CHOICES[name];
  };
  const { stallMinutes: minutes } = stored;
  return {
    ends: flag('ends'),
    failures: flag('failures'),
    stalls: flag('stalls'),
    stallMinutes: typeof minutes === 'number' && minutes > 0 ? minutes : FIRST_CHOICES.stallMinutes,
    onlyMine: flag('onlyMine'),
    browser: flag('browser')
  };
}
