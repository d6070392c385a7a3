import React, { useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { IScalarSeries } from '../../model/types';
import { toClipboard } from '../data/clipboard';
import { IconButton } from '../ui/Button';
import { Menu, type MenuEntry } from '../ui/Menu';
import { asUrl, save, toCode, toCsv, toPng, toSvg } from './exports';

interface IChartMenuProps {
  readonly series: IScalarSeries;
  readonly zoomed: boolean;
  readonly runId: string;
  /** The chart, whose picture can be saved. */
  readonly figure: React.RefObject<HTMLElement>;
  /** Puts code into a new cell; absent: there is no notebook. */
  readonly insertCell?: (code: string) => void;
  readonly onReset: () => void;
  readonly onTable: () => void;
}

type Saved = 'csv' | 'png' | 'svg';

/** Saves the chart in a form; a chart that cannot be had in it is left alone. */
function saveAs(form: Saved, { series, figure }: IChartMenuProps): void {
  const element = figure.current;
  const url = {
    csv: () => asUrl(toCsv(series), 'text/csv'),
    svg: () => {
      const svg = toSvg(series);
      return svg === null ? null : asUrl(svg, 'image/svg+xml');
    },
    png: () =>
      element &&
      toPng(
        element.querySelector('canvas'),
        getComputedStyle(element).getPropertyValue('--jp-layout-color1') || '#fff'
      )
  }[form]();
  if (url) {
    save(`${series.name}.${form}`, url);
  }
}

/** What can be done with one chart; it shows itself under the pointer and under the focus. */
export function ChartMenu(props: IChartMenuProps): React.JSX.Element {
  const { series, zoomed, runId, insertCell, onReset, onTable } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const entries: MenuEntry[] = [
    { label: trans.__('Show as a table'), run: onTable },
    {
      label: trans.__('Copy the points as CSV'),
      run: () => void toClipboard(toCsv(series))
    },
    'separator',
    { label: trans.__('Save as PNG'), run: () => saveAs('png', props) },
    { label: trans.__('Save as SVG'), run: () => saveAs('svg', props) },
    { label: trans.__('Save as CSV'), run: () => saveAs('csv', props) },
    insertCell
      ? {
          label: trans.__('Insert the code that fetches it'),
          run: () => insertCell(toCode(runId, series.name))
        }
      : {
          label: trans.__('Copy the code that fetches it'),
          run: () => void toClipboard(toCode(runId, series.name))
        },
    'separator',
    {
      label: trans.__('Reset zoom'),
      keys: trans.__('double click'),
      disabled: !zoomed,
      run: onReset
    }
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
