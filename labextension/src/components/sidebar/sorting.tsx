import React from 'react';
import { bestOrder } from '../../model/direction';
import { trans } from '../../model/language';
import type { IRunQuery } from '../../model/types';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import type { MenuEntry } from '../ui/Menu';
import type { ListRow } from './rows';

/** Order of what is found: a fixed one, or by the newest value of a metric. */
export type Sort = 'newest' | 'name' | 'longest' | { readonly metric: string };

const KEYS = { newest: '-created', name: 'name', longest: '-duration' } as const;
const labels = () => ({
  newest: trans.__('Newest first'),
  name: trans.__('By name'),
  longest: trans.__('Longest first')
});

export function sortedBy(sort: Sort): Pick<IRunQuery, 'sort'> {
  if (typeof sort === 'string') {
    return { sort: KEYS[sort] };
  }
  return { sort: bestOrder(sort.metric) };
}

export const sortLabel = (sort: Sort): string =>
  typeof sort === 'string' ? labels()[sort] : trans.__('Best %1 first', sort.metric);

/** The primary metric that most of the rows have; null when none has one. */
export function commonMetric(rows: readonly ListRow[]): string | null {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = row.kind === 'run' ? row.run.primary_metric?.name : undefined;
    if (name !== undefined) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

interface ISortButtonProps {
  readonly sort: Sort;
  readonly metric: string | null;
  readonly onSort: (sort: Sort) => void;
  readonly onMenu: (
    label: string,
    at: { x: number; y: number },
    entries: readonly MenuEntry[]
  ) => void;
}

/** Says how the list is sorted, and offers the other orders. */
export function SortButton({ sort, metric, onSort, onMenu }: ISortButtonProps): React.JSX.Element {
  const sorts: readonly Sort[] = [...(metric ? [{ metric }] : []), 'newest', 'name', 'longest'];
  return (
    <Button
      kind="quiet"
      className="jp-ml-sort"
      aria-haspopup="menu"
      tabIndex={-1}
      onClick={event => {
        const box = event.currentTarget.getBoundingClientRect();
        const entries = sorts.map(one => ({
          label: sortLabel(one),
          checked: sortLabel(one) === sortLabel(sort),
          run: () => onSort(one)
        }));
        onMenu(trans.__('Order'), { x: box.left, y: box.bottom }, entries);
      }}
    >
      {sortLabel(sort)}
      <Icon name="down" />
    </Button>
  );
}
