import React, { useMemo, useState } from 'react';
import { formatCount } from '../../../model/format';
import { trans } from '../../../model/language';
import { SortHead } from '../../ui/SortHead';
import { cellText } from './shapes';

export type Columns = readonly (readonly [string, readonly unknown[]])[];

/** Rows that are shown. */
const ROWS = 200;
const collator = new Intl.Collator(undefined, { numeric: true });

function compare(one: unknown, other: unknown): number {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : collator.compare(cellText(one), cellText(other));
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

/** Positions of rows in the order of a column, `-` before its name for the greatest first; empty cells last. */
export function rowOrder(columns: Columns, count: number, sort: string): readonly number[] {
  const rows = Array.from({ length: count }, (_, i) => i);
  const down = sort.startsWith('-');
  const cells = columns.find(([name]) => name === (down ? sort.slice(1) : sort))?.[1];
  return cells === undefined
    ? rows
    : rows.sort((a, b) => {
        const [one, other] = [cells[a], cells[b]];
        if (isEmpty(one) || isEmpty(other)) {
          return Number(isEmpty(one)) - Number(isEmpty(other)) || a - b;
        }
        const order = compare(one, other);
        return (down ? -order : order) || a - b;
      });
}

/** A table whose columns sort; as it was logged until one is pressed. */
export function SortedTable({ columns }: { readonly columns: Columns }): React.JSX.Element {
  const [sort, setSort] = useState('');
  const count = Math.max(0, ...columns.map(([, cells]) => cells.length));
  const order = useMemo(() => rowOrder(columns, count, sort), [columns, count, sort]);
  return (
    <div className="jp-ml-scroll">
      <table className="jp-ml-table jp-mod-fit">
        <thead>
          <tr>
            {columns.map(([name]) => (
              <SortHead key={name} title={name} by={name} right {...{ sort }} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {order.slice(0, ROWS).map(i => (
            <tr key={i}>
              {columns.map(([name, cells]) => (
                <td key={name} className="jp-ml-right">
                  {cellText(cells[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {count > ROWS && (
        <p className="jp-ml-small jp-ml-dim">
          {trans.__('The first %1 of %2 rows.', formatCount(ROWS), formatCount(count))}
        </p>
      )}
    </div>
  );
}
