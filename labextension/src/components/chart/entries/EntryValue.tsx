import React from 'react';
import { formatCount } from '../../../model/format';
import { trans } from '../../../model/language';
import type { IRunSource } from '../../../model/source';
import type { IEntrySeries } from '../../../model/types';
import { Confusion } from './Confusion';
import { Histogram } from './Histogram';
import { cellText, chartData, confusion, histogram, isObject, tableColumns } from './shapes';

/** Rows of a table and letters of JSON that are shown. */
const ROWS = 200;
const JSON_LETTERS = 4000;

interface IEntryValueProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly kind: IEntrySeries['kind'];
  readonly value: unknown;
}

function Table({ value }: { readonly value: unknown }): React.JSX.Element {
  const columns = tableColumns(value);
  if (!columns) {
    return <Plain value={value} />;
  }
  const rows = Math.max(0, ...columns.map(([, cells]) => cells.length));
  return (
    <div className="jp-ml-scroll">
      <table className="jp-ml-table jp-mod-fit">
        <thead>
          <tr>
            {columns.map(([name]) => (
              <th key={name} scope="col" className="jp-ml-right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.min(rows, ROWS) }, (_, i) => (
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
      {rows > ROWS && (
        <p className="jp-ml-small jp-ml-dim">
          {trans.__('The first %1 of %2 rows.', formatCount(ROWS), formatCount(rows))}
        </p>
      )}
    </div>
  );
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
  const bars = kind === 'residuals' ? histogram(value) : null;
  if (bars) {
    return <Histogram {...bars} />;
  }
  return kind === 'predictions' ? <Table value={chartData(value)} /> : <Plain value={value} />;
}
