import React, { useMemo } from 'react';
import { trans } from '../../../model/language';
import type { IRunSource } from '../../../model/source';
import type { IEntrySeries } from '../../../model/types';
import { Confusion } from './Confusion';
import { chartData, confusion, isObject, tableColumns } from './shapes';
import { SortedTable } from './SortedTable';
import { accuracyCurves, bins, predictionBins } from './standard';
import { AccuracyChart, PredictionsChart, ResidualsChart } from './StandardCharts';

/** Letters of JSON that are shown. */
const JSON_LETTERS = 4000;

interface IEntryValueProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly kind: IEntrySeries['kind'];
  readonly value: unknown;
}

function Table({ value }: { readonly value: unknown }): React.JSX.Element {
  const columns = useMemo(() => tableColumns(value), [value]);
  return columns ? <SortedTable columns={columns} /> : <Plain value={value} />;
}

/** What has no form of its own: its JSON. */
function Plain({ value }: { readonly value: unknown }): React.JSX.Element {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  return (
    <pre className="jp-ml-log jp-ml-json">
      {text.length > JSON_LETTERS ? `${text.slice(0, JSON_LETTERS)}…` : text}
    </pre>
  );
}

function Image({ source, runId, value }: IEntryValueProps): React.JSX.Element {
  const path = isObject(value) && typeof value.path === 'string' ? value.path : null;
  const url = path === null ? null : source.fileUrl(runId, path);
  return url === null ? (
    <p className="jp-ml-dim">
      {trans.__('%1 cannot be shown here.', path ?? trans.__('The image'))}
    </p>
  ) : (
    <a href={url} target="_blank" rel="noopener">
      <img className="jp-ml-entry-image" src={url} alt={path ?? ''} loading="lazy" />
    </a>
  );
}

/** One entry of a metric that is no curve. */
export function EntryValue(props: IEntryValueProps): React.JSX.Element {
  const { kind, value } = props;
  if (kind === 'image') {
    return <Image {...props} />;
  }
  if (kind === 'table' || kind === 'row') {
    return <Table value={value} />;
  }
  const matrix = kind === 'confusion_matrix' ? confusion(value) : null;
  if (matrix) {
    return <Confusion {...matrix} />;
  }
  const residuals = kind === 'residuals' ? bins(value) : null;
  if (residuals) {
    return <ResidualsChart bins={residuals} />;
  }
  const predictions = kind === 'predictions' ? predictionBins(value) : null;
  if (predictions) {
    return <PredictionsChart bins={predictions} />;
  }
  const classes = kind === 'accuracy_table' ? accuracyCurves(value) : null;
  if (classes) {
    return <AccuracyChart classes={classes} />;
  }
  return kind === 'predictions' ? <Table value={chartData(value)} /> : <Plain value={value} />;
}
