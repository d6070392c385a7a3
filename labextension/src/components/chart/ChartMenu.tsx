import React, { useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { IScalarSeries } from '../../model/types';
import { IconButton } from '../ui/Button';
import { Menu, type MenuEntry } from '../ui/Menu';

interface IChartMenuProps {
  readonly series: IScalarSeries;
  readonly zoomed: boolean;
  readonly onReset: () => void;
  readonly onTable: () => void;
}

/** The points of a series as text with a header line: step, time (ISO 8601, UTC), value. */
export function toCsv(series: IScalarSeries): string {
  const rows = series.steps.map((step, i) => {
    const time = new Date(series.times_ms[i] ?? 0).toISOString();
    return `${step},${time},${series.values[i] ?? ''}`;
  });
  return ['step,time,value', ...rows, ''].join('\n');
}

/** What can be done with one chart; it shows itself under the pointer and under the focus. */
export function ChartMenu({
  series,
  zoomed,
  onReset,
  onTable
}: IChartMenuProps): React.JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const entries: MenuEntry[] = [
    { label: trans.__('Show as a table'), run: onTable },
    {
      label: trans.__('Copy the points as CSV'),
      disabled: !navigator.clipboard,
      run: () => void navigator.clipboard.writeText(toCsv(series))
    },
    'separator',
    { label: trans.__('Reset zoom'), keys: 'double click', disabled: !zoomed, run: onReset }
  ];
  const open = (): void => {
    const box = button.current?.getBoundingClientRect();
    setAt({ x: box?.left ?? 0, y: box?.bottom ?? 0 });
  };
  return (
    <>
      <IconButton
        ref={button}
        className="jp-ml-chart-menu"
        icon="more"
        label={trans.__('More for %1', series.name)}
        aria-haspopup="menu"
        onClick={open}
      />
      {at && (
        <Menu
          at={at}
          label={trans.__('More for %1', series.name)}
          entries={entries}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}
