/** Several exported runs side by side: parameters, last values of metrics, environment; what differs is marked. */
import React, { useState } from 'react';
import { Button } from '../components/ui/Button';
import { StateIcon } from '../components/ui/StateIcon';
import type { IExported } from '../model/exported';
import { formatTook, formatMetric } from '../model/format';
import { trans } from '../model/language';
import { stateLook } from '../model/state';
import type { IMetricSummary, IRunDetail } from '../model/types';

interface ICompareTableProps {
  readonly exported: IExported;
  readonly onOpen: (run: string, tab?: string) => void;
}

/** A name and what each run has under it; null: nothing. */
interface IRow {
  readonly name: string;
  readonly values: readonly (string | null)[];
}

interface IGroup {
  readonly title: string;
  readonly rows: readonly IRow[];
}

type Values = Readonly<Record<string, string>>;

function rowsOf(runs: readonly IRunDetail[], of: (run: IRunDetail) => Values): readonly IRow[] {
  const all = runs.map(of);
  const names = [...new Set(all.flatMap(values => Object.keys(values)))];
  return names.map(name => ({ name, values: all.map(values => values[name] ?? null) }));
}

function lastText(value: IMetricSummary['last']): string {
  return typeof value === 'number' ? formatMetric(value) : String(value ?? '–');
}

function metricValues(run: IRunDetail): Values {
  const scalars = run.metrics.filter(metric => metric.kind === 'scalar');
  return Object.fromEntries(scalars.map(metric => [metric.name, lastText(metric.last)]));
}

function facts(run: IRunDetail): Values {
  const { duration_ms, git, target } = run;
  const commit = git?.commit;
  return {
    [trans.__('State')]: stateLook(run.status).word,
    ...(duration_ms === null ? {} : { [trans.__('Duration')]: formatTook(duration_ms) }),
    [trans.__('Target')]: target,
    [trans.__('Host')]: run.host,
    ...(typeof commit === 'string' ? { [trans.__('Commit')]: commit.slice(0, 12) } : {})
  };
}

function packages(run: IRunDetail): Values {
  const found: Record<string, string> = {};
  const flat = (prefix: string, value: unknown): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) {
        flat(prefix === '' ? key : `${prefix}.${key}`, inner);
      }
    } else if (value !== null && value !== undefined) {
      found[prefix] = Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
    }
  };
  flat('', run.environment);
  return found;
}

function installed({ runs }: IExported, run: IRunDetail): Values {
  const found = runs.find(one => one.run === run)?.packages;
  return Object.fromEntries(
    (found?.packages ?? []).map(one => [
      one.name,
      one.origin === null ? one.version : `${one.version} (${one.origin})`
    ])
  );
}

const differs = (row: IRow): boolean => new Set(row.values).size > 1;

function Row({ row }: { readonly row: IRow }): React.JSX.Element {
  return (
    <tr className={differs(row) ? 'jp-mod-differs' : undefined}>
      <th scope="row">{row.name}</th>
      {row.values.map((value, at) => (
        <td key={at} className="jp-ml-num">
          {value ?? <span className="jp-ml-dim">–</span>}
        </td>
      ))}
    </tr>
  );
}

function Group({
  group,
  only,
  width
}: {
  group: IGroup;
  only: boolean;
  width: number;
}): React.JSX.Element | null {
  const rows = only ? group.rows.filter(differs) : group.rows;
  return rows.length === 0 ? null : (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={width} className="jp-ml-export-group">
          {group.title}
        </th>
      </tr>
      {rows.map(row => (
        <Row key={row.name} row={row} />
      ))}
    </tbody>
  );
}

/** The way to curves in one chart and to differences of the code. */
function Ways({
  runs,
  onOpen
}: {
  runs: readonly IRunDetail[];
  onOpen: ICompareTableProps['onOpen'];
}): React.JSX.Element {
  const [first, ...others] = runs;
  const last = others[others.length - 1];
  const ids = others.map(run => run.id).join(',');
  return (
    <>
      <Button
        onClick={() => first && onOpen(first.id, `metrics?${new URLSearchParams({ runs: ids })}`)}
      >
        {trans.__('Charts in one')}
      </Button>
      <Button
        onClick={() =>
          last && first && onOpen(last.id, `code?${new URLSearchParams({ with: first.id })}`)
        }
      >
        {trans.__('Differences of the code')}
      </Button>
    </>
  );
}

export function CompareTable({ exported, onOpen }: ICompareTableProps): React.JSX.Element {
  const [only, setOnly] = useState(true);
  const runs = exported.runs.map(one => one.run);
  const groups: readonly IGroup[] = [
    { title: trans.__('Run'), rows: rowsOf(runs, facts) },
    { title: trans.__('Parameters'), rows: rowsOf(runs, run => run.parameters) },
    { title: trans.__('Metrics'), rows: rowsOf(runs, metricValues) },
    { title: trans.__('Environment'), rows: rowsOf(runs, packages) },
    { title: trans.__('Installed packages'), rows: rowsOf(runs, run => installed(exported, run)) }
  ];
  return (
    <section className="jp-ml-export-compare" aria-label={trans.__('Comparison')}>
      <div className="jp-ml-bar">
        <h1>{trans.__('Comparison of %1 runs', runs.length)}</h1>
        <span className="jp-ml-grow" />
        <label className="jp-ml-row">
          <input type="checkbox" checked={only} onChange={event => setOnly(event.target.checked)} />
          {trans.__('Only what differs')}
        </label>
        <Ways runs={runs} onOpen={onOpen} />
      </div>
      <div
        className="jp-ml-export-scroll"
        tabIndex={0}
        role="region"
        aria-label={trans.__('Table')}
      >
        <table className="jp-ml-table">
          <thead>
            <tr>
              <td />
              {runs.map(run => (
                <th key={run.id} scope="col">
                  <button type="button" className="jp-ml-export-run" onClick={() => onOpen(run.id)}>
                    <StateIcon status={run.status} />
                    <span>{run.display_name}</span>
                    <span className="jp-ml-dim">{run.number}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(group => (
            <Group key={group.title} group={group} only={only} width={runs.length + 1} />
          ))}
        </table>
      </div>
    </section>
  );
}
