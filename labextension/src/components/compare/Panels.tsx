import React, { useMemo, useState } from 'react';
import type { IComparison } from '../../model/compare';
import { trans } from '../../model/language';
import { CodeTab } from '../code/CodeTab';
import { useAsked } from '../data/useAsked';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { differs } from './columns';
import { EMPTY } from './content';
import { TableOf, type IPanelProps } from './SummaryPanel';
import { tableOf } from './table';

interface IRunChoiceProps {
  readonly label: string;
  readonly runs: IComparison['runs'];
  readonly value: string;
  /** What the empty choice says; absent: there is none. */
  readonly none?: string;
  readonly onChoose: (id: string) => void;
}

function RunChoice({ label, runs, value, none, onChoose }: IRunChoiceProps): React.JSX.Element {
  return (
    <label className="jp-ml-dim jp-ml-row">
      {label}
      <select
        className="jp-ml-select"
        value={value}
        onChange={event => onChoose(event.target.value)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {runs.map(run => (
          <option key={run.id} value={run.id}>
            {run.display_name} {run.number}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The code of a run, and how it differs from another's. */
export function CodePanel(props: IPanelProps): React.JSX.Element {
  const { source, host, comparison, width } = props;
  const { runs } = comparison;
  const [chosen, setChosen] = useState<string | null>(null);
  const [at, setAt] = useState<Readonly<Record<string, string>>>(
    runs[0] && runs[1] ? { with: runs[0].id } : {}
  );
  const id = chosen ?? runs[1]?.id ?? runs[0]?.id ?? '';
  const { value: run, error } = useAsked(() => source.query('run', { run: id }), id);
  const change = (part: Readonly<Record<string, string | undefined>>): void =>
    setAt(old =>
      Object.fromEntries(
        Object.entries({ ...old, ...part }).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value] as const]
        )
      )
    );
  return (
    <>
      <div className="jp-ml-compare-controls jp-ml-compare-pair">
        <RunChoice label={trans.__('Code of')} runs={runs} value={id} onChoose={setChosen} />
        <RunChoice
          label={trans.__('against')}
          runs={runs.filter(one => one.id !== id)}
          value={at.with ?? ''}
          none={trans.__('nothing')}
          onChoose={other => change({ with: other || undefined, file: undefined })}
        />
      </div>
      {error && <EmptyState title={trans.__('The run could not be read.')} text={error.message} />}
      {!run && !error && <SkeletonRows />}
      {run && (
        <div className="jp-ml-compare-code">
          <CodeTab
            key={run.id}
            {...{ source, run, host, width, at }}
            onAt={change}
            onTab={() => host.openRun(run.id)}
            onOpenRun={props.onOpen}
          />
        </div>
      )}
    </>
  );
}

/** A comparison of two of the runs. */
function pairOf(comparison: IComparison, ids: readonly string[]): IComparison {
  const at = ids.flatMap(id => {
    const found = comparison.runs.findIndex(run => run.id === id);
    return found < 0 ? [] : [found];
  });
  const pick = <T,>(values: readonly T[]): T[] => at.map(i => values[i] as T);
  const picked = <T,>(columns: Readonly<Record<string, readonly T[]>>): Record<string, T[]> =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, pick(values)]));
  return {
    runs: pick(comparison.runs),
    missing: [],
    parameters: picked(comparison.parameters),
    metrics: [],
    environment: picked(comparison.environment)
  };
}

/** What the runs ran in, one line a fact: of all of them, or of two. */
export function EnvironmentPanel(props: IPanelProps): React.JSX.Element {
  const { comparison } = props;
  const [pair, setPair] = useState<readonly [string, string] | null>(null);
  const [everything, setEverything] = useState(false);
  const [first, second] = comparison.runs;
  const shown = useMemo(() => (pair ? pairOf(comparison, pair) : comparison), [comparison, pair]);
  const table = useMemo(() => {
    const all = tableOf(shown, { ...EMPTY, everything: true });
    const columns = all.all.filter(
      one => one.group === 'environment' && (everything || differs(one))
    );
    return { ...all, columns, best: new Map<string, number>() };
  }, [shown, everything]);
  const known = Object.keys(shown.environment).length;
  return (
    <>
      <div className="jp-ml-compare-controls jp-ml-compare-pair">
        <span className="jp-ml-segment" role="group" aria-label={trans.__('Facts')}>
          <Button aria-pressed={!everything} onClick={() => setEverything(false)}>
            {trans.__('Differences')}
          </Button>
          <Button aria-pressed={everything} onClick={() => setEverything(true)}>
            {trans.__('All %1', known)}
          </Button>
        </span>
        <RunChoice
          label={trans.__('Compare')}
          runs={comparison.runs}
          value={pair?.[0] ?? ''}
          none={trans.__('all runs')}
          onChoose={id =>
            setPair(
              id ? [id, pair?.[1] ?? (id === first?.id ? second?.id : first?.id) ?? id] : null
            )
          }
        />
        {pair && (
          <RunChoice
            label={trans.__('with')}
            runs={comparison.runs}
            value={pair[1]}
            onChoose={id => setPair([pair[0], id])}
          />
        )}
      </div>
      {table.columns.length === 0 ? (
        <EmptyState
          title={trans.__('The environments are the same.')}
          text={trans._n('%1 fact is known of each.', '%1 facts are known of each.', known)}
        />
      ) : (
        <TableOf
          {...props}
          comparison={shown}
          table={table}
          across
          label={trans.__('Environments side by side')}
        />
      )}
    </>
  );
}
