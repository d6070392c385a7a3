import React from 'react';
import { formatCount } from '../../../model/format';
import { trans } from '../../../model/language';
import type { IRunSource } from '../../../model/source';
import type { IEntrySeries, IMetricSummary } from '../../../model/types';
import { useMetrics } from '../useMetrics';
import { EntryValue } from './EntryValue';
import { ImageSteps } from './ImageSteps';

/** Entries of one metric that are shown, newest first; rows of text and tables take few. */
const SHOWN: Readonly<Partial<Record<IEntrySeries['kind'], number>>> = {
  text: 20,
  row: 50
};

interface IEntriesProps {
  readonly source: IRunSource;
  readonly runId: string;
  /** What the run says of its metrics; those that are no scalars are asked for by name. */
  readonly metrics: readonly IMetricSummary[];
  /** Only metrics whose name contains this. */
  readonly filter: string;
}

const KINDS: Readonly<Record<IEntrySeries['kind'], () => string>> = {
  text: () => trans.__('text'),
  row: () => trans.__('row'),
  table: () => trans.__('table'),
  image: () => trans.__('image'),
  confusion_matrix: () => trans.__('confusion matrix'),
  accuracy_table: () => trans.__('accuracy table'),
  residuals: () => trans.__('residuals'),
  predictions: () => trans.__('predictions')
};
/** A kind that a newer server knows is shown under its own name. */
const kindName = (kind: IEntrySeries['kind']): string => KINDS[kind]?.() ?? kind;

const stepText = (step: number | null): string =>
  step === null ? '' : trans.__('step %1', formatCount(step));

function OneSeries(
  props: Pick<IEntriesProps, 'source' | 'runId'> & { one: IEntrySeries }
): React.JSX.Element {
  const { one } = props;
  const shown = one.entries.slice(-(SHOWN[one.kind] ?? 1)).reverse();
  return (
    <section className="jp-ml-entries" aria-label={one.name}>
      <h3>
        {one.name}
        <span className="jp-ml-small jp-ml-dim">
          {kindName(one.kind)}
          {one.kind !== 'image' && one.count > shown.length
            ? `, ${trans._n('the last one of %2', 'the last %1 of %2', shown.length, formatCount(one.count))}`
            : ''}
        </span>
      </h3>
      {one.kind === 'image' ? (
        <ImageSteps {...props} />
      ) : one.kind === 'row' ? (
        <EntryValue {...props} kind="table" value={rowsToColumns(shown.map(e => e.value))} />
      ) : (
        shown.map((entry, i) => (
          <div key={i} className="jp-ml-entry">
            {shown.length > 1 && (
              <span className="jp-ml-small jp-ml-dim jp-ml-num">{stepText(entry.step)}</span>
            )}
            <EntryValue {...props} kind={one.kind} value={entry.value} />
          </div>
        ))
      )}
    </section>
  );
}

/** Rows as one table: a column for each name that some row has; a row without it leaves it empty. */
export function rowsToColumns(rows: readonly unknown[]): Record<string, unknown[]> {
  const columns: Record<string, unknown[]> = {};
  rows.forEach((row, i) => {
    Object.entries(typeof row === 'object' && row !== null ? row : {}).forEach(([name, value]) => {
      const column = (columns[name] ??= new Array<unknown>(rows.length).fill(''));
      column[i] = value;
    });
  });
  return columns;
}

/** Metrics that are no curves, live, each in the plainest form that is honest about it. */
export function Entries(props: IEntriesProps): React.JSX.Element | null {
  const { source, runId, metrics, filter } = props;
  const names = metrics.filter(metric => metric.kind !== 'scalar').map(metric => metric.name);
  const { series } = useMetrics(source, runId, names.length > 0 ? names : null);
  const shown = series.filter(
    (one): one is IEntrySeries =>
      one.kind !== 'scalar' && one.name.toLowerCase().includes(filter.toLowerCase())
  );
  return shown.length === 0 ? null : (
    <div className="jp-ml-entries-all">
      {shown.map(one => (
        <OneSeries key={one.name} {...{ source, runId, one }} />
      ))}
    </div>
  );
}
