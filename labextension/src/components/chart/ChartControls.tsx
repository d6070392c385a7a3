import React, { useId, useRef, useState } from 'react';
import { localDecimal } from '../../model/format';
import { trans } from '../../model/language';
import { IconButton } from '../ui/Button';
import { Menu, type MenuEntry } from '../ui/Menu';
import { axisMetric, metricAxis, type XAxis } from './lines';
import { MAX_SMOOTHING, type IChartSettings } from './settings';

interface IChartControlsProps {
  readonly settings: IChartSettings;
  readonly onChange: (change: Partial<IChartSettings>) => void;
  /** Whether curves can be smoothed; they can unless this says no. */
  readonly smoothing?: boolean;
  /** Metrics that can run along x. */
  readonly metrics?: readonly string[];
  /** In front of all. */
  readonly before?: React.ReactNode;
  /** Something at the right end: how many metrics are shown. */
  readonly children?: React.ReactNode;
}

const axes = (): readonly (readonly [XAxis, string])[] => [
  ['step', trans.__('Step')],
  ['time', trans.__('Time')],
  ['relative', trans.__('Relative time')]
];
const STEPS = [0, 0.6, 0.9, 0.99];

function smoothingEntries(
  settings: IChartSettings,
  onChange: IChartControlsProps['onChange']
): MenuEntry[] {
  return [
    ...STEPS.map(smoothing => ({
      label: smoothing === 0 ? trans.__('No smoothing') : trans.__('Smoothing %1', smoothing),
      checked: settings.smoothing === smoothing,
      run: () => onChange({ smoothing })
    })),
    'separator'
  ];
}

function menuEntries({ settings, onChange, smoothing = true }: IChartControlsProps): MenuEntry[] {
  return [
    ...axes().map(([axis, word]) => ({
      label: trans.__('X axis: %1', word),
      checked: settings.axis === axis,
      run: () => onChange({ axis })
    })),
    'separator',
    ...(smoothing ? smoothingEntries(settings, onChange) : []),
    {
      label: trans.__('Log y'),
      checked: settings.logY,
      run: () => onChange({ logY: !settings.logY })
    },
    {
      label: trans.__('Ignore outliers'),
      checked: settings.ignoreOutliers,
      run: () => onChange({ ignoreOutliers: !settings.ignoreOutliers })
    }
  ];
}

function Check(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}): React.JSX.Element {
  return (
    <label className="jp-ml-wide">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={event => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}

function Smoothing({ settings, onChange }: IChartControlsProps): React.JSX.Element {
  const id = useId();
  return (
    <span className="jp-ml-chart-smooth jp-ml-mid-wide">
      <label htmlFor={id}>{trans.__('Smoothing')}</label>
      <input
        id={id}
        type="range"
        className="jp-ml-slider"
        min={0}
        max={MAX_SMOOTHING}
        step={0.01}
        value={settings.smoothing}
        style={{ '--jp-ml-part': `${(settings.smoothing / MAX_SMOOTHING) * 100}%` } as never}
        onChange={event => onChange({ smoothing: Number(event.target.value) })}
      />
      <output htmlFor={id} className="jp-ml-num">
        {localDecimal(settings.smoothing.toFixed(2))}
      </output>
    </span>
  );
}

/** One row of controls for all charts of a view; in a narrow view they move into a menu. */
export function ChartControls(props: IChartControlsProps): React.JSX.Element {
  const { settings, onChange, children, metrics = [] } = props;
  const chosen = axisMetric(settings.axis);
  const along = chosen === null || metrics.includes(chosen) ? metrics : [chosen, ...metrics];
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const open = (): void => {
    const box = button.current?.getBoundingClientRect();
    setAt({ x: box?.left ?? 0, y: box?.bottom ?? 0 });
  };
  return (
    <div className="jp-ml-bar jp-ml-chart-bar">
      {props.before}
      <label>
        {trans.__('X axis')}
        <select
          className="jp-ml-select"
          value={settings.axis}
          onChange={event => onChange({ axis: event.target.value as XAxis })}
        >
          {axes().map(([axis, word]) => (
            <option key={axis} value={axis}>
              {word}
            </option>
          ))}
          {along.map(name => (
            <option key={name} value={metricAxis(name)}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {props.smoothing !== false && <Smoothing {...props} />}
      <Check
        label={trans.__('Log y')}
        checked={settings.logY}
        onChange={logY => onChange({ logY })}
      />
      <Check
        label={trans.__('Ignore outliers')}
        checked={settings.ignoreOutliers}
        onChange={ignoreOutliers => onChange({ ignoreOutliers })}
      />
      <span className="jp-ml-grow" />
      {children}
      <IconButton
        ref={button}
        className="jp-ml-narrow"
        icon="more"
        label={trans.__('How charts are drawn')}
        aria-haspopup="menu"
        onClick={open}
      />
      {at && (
        <Menu
          at={at}
          label={trans.__('How charts are drawn')}
          entries={menuEntries(props)}
          onClose={() => setAt(null)}
        />
      )}
    </div>
  );
}
