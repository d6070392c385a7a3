import React, { useMemo } from 'react';
import { lowerIsBetter } from '../../model/direction';
import { formatCount, formatMetric, toNumber } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isEnded, progressOf, stateLook } from '../../model/state';
import type { IRunQuery, IRunSummary } from '../../model/types';
import { useStream } from '../data/useStream';
import { Button } from '../ui/Button';
import { StateIcon } from '../ui/StateIcon';

const SHOWN = 7;
const FETCHED = 1000;
const MOST_TAGS = 3;

/** Children with the best value of their metric first; those without one last. */
export function bestFirst(children: readonly IRunSummary[]): readonly IRunSummary[] {
  const value = (run: IRunSummary): number | null => {
    const best = toNumber(run.primary_metric?.best ?? run.primary_metric?.last);
    return best === null || Number.isNaN(best) ? null : best;
  };
  return [...children].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) {
      return Number(x === null) - Number(y === null) || a.number - b.number;
    }
    return lowerIsBetter(a.primary_metric?.name ?? '') ? x - y : y - x;
  });
}

/** Tags in which the children differ: what was tried. */
export function differingTags(children: readonly IRunSummary[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const child of children) {
    for (const [key, value] of Object.entries(child.tags)) {
      values.set(key, (values.get(key) ?? new Set()).add(value ?? ''));
    }
  }
  return [...values]
    .filter(([, seen]) => seen.size > 1)
    .map(([key]) => key)
    .slice(0, MOST_TAGS);
}

function ChildRow(props: {
  child: IRunSummary;
  tags: readonly string[];
  best: boolean;
  onOpen?: (id: string) => void;
}): React.JSX.Element {
  const { child, onOpen } = props;
  const metric = child.primary_metric;
  const { word } = stateLook(child.status);
  return (
    <tr className={props.best ? 'jp-ml-strong' : undefined}>
      <td>
        <span className="jp-ml-row">
          <StateIcon status={child.status} progress={progressOf(child)} />
          {onOpen ? (
            <button type="button" className="jp-ml-name-link" onClick={() => onOpen(child.id)}>
              {child.display_name}
            </button>
          ) : (
            <span className="jp-ml-cut">{child.display_name}</span>
          )}
        </span>
      </td>
      {props.tags.map(tag => (
        <td key={tag} className="jp-ml-right">
          {child.tags[tag] ?? ''}
        </td>
      ))}
      <td className="jp-ml-right">
        {metric ? formatMetric(metric.last) : <span className="jp-ml-dim">{word}</span>}
      </td>
    </tr>
  );
}

interface IChildrenTableProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly onOpen?: (id: string) => void;
  /** Shows all children elsewhere; absent: there is no such place. */
  readonly onAll?: () => void;
}

/** The best seven children with what was tried in them. */
export function ChildrenTable(props: IChildrenTableProps): React.JSX.Element | null {
  const { source, runId, onOpen, onAll } = props;
  const query = useMemo<IRunQuery>(() => ({ parent: runId, limit: FETCHED }), [runId]);
  const { value } = useStream(source, 'runs', query);
  const sorted = useMemo(() => bestFirst(value?.runs ?? []), [value]);
  const tags = useMemo(() => differingTags(sorted), [sorted]);
  if (!value || sorted.length === 0) {
    return null;
  }
  const name = sorted[0]?.primary_metric?.name;
  const over = sorted.some(child => isEnded(child.status));
  return (
    <>
      <table className="jp-ml-children">
        <thead>
          <tr>
            <th scope="col">{name ? trans.__('Child, best first') : trans.__('Child')}</th>
            {tags.map(tag => (
              <th key={tag} scope="col" className="jp-ml-right">
                {tag}
              </th>
            ))}
            <th scope="col" className="jp-ml-right">
              {name ?? trans.__('State')}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, SHOWN).map((child, i) => (
            <ChildRow
              key={child.id}
              child={child}
              tags={tags}
              best={i === 0 && over && name !== undefined}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
      {value.total > SHOWN && onAll && (
        <Button kind="link" className="jp-ml-all" onClick={onAll}>
          {trans.__('Show all %1 children', formatCount(value.total))}
        </Button>
      )}
    </>
  );
}
