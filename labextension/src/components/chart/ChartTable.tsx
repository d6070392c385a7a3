import React, { useEffect, useRef } from 'react';
import { formatCount, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import { IconButton } from '../ui/Button';
import type { ILine, MarkKind } from './lines';

/** Rows shown: the newest; all of them are in the CSV. */
const ROWS = 200;
const WORDS: Readonly<Record<MarkKind, string>> = { nan: 'NaN', '+inf': '∞', '-inf': '−∞' };

interface IChartTableProps {
  readonly name: string;
  readonly line: ILine;
  readonly onClose: () => void;
}

/** The points of a chart as a table, newest first; Esc closes it. */
export function ChartTable({ name, line, onClose }: IChartTableProps): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const marks = new Map(line.marks.map(mark => [mark.step, WORDS[mark.kind]]));
  const rows = line.y
    .map((value, i) => ({ step: line.steps[i] ?? i, value }))
    .slice(-ROWS)
    .reverse();
  return (
    <div
      ref={box}
      className="jp-ml-chart-table"
      role="dialog"
      aria-label={trans.__('Points of %1', name)}
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <IconButton icon="close" label={trans.__('Close the table')} onClick={onClose} />
      <table className="jp-ml-table">
        <thead>
          <tr>
            <th className="jp-ml-right">{trans.__('step')}</th>
            <th className="jp-ml-right">{name}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ step, value }, i) => (
            <tr key={i}>
              <td className="jp-ml-right">{formatCount(step)}</td>
              <td className="jp-ml-right">
                {value === null ? (marks.get(step) ?? '–') : formatMetric(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {line.y.length > ROWS && (
        <p className="jp-ml-small jp-ml-dim">
          {trans.__('The last %1 of %2 points.', formatCount(ROWS), formatCount(line.y.length))}
        </p>
      )}
    </div>
  );
}
