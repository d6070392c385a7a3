import React from 'react';
import type { IDataUse, IRunData } from '../../model/data';
import { trans } from '../../model/language';
import { Button } from '../ui/Button';

interface IDataUsedProps {
  readonly data: IRunData | null | undefined;
  readonly onOpenRun: (id: string) => void;
}

function title(use: IDataUse): string {
  return use.dataset === null
    ? use.name
    : trans.__('%1, version %2', use.dataset, String(use.version ?? ''));
}

/** How the job had it, in words. */
function manner(use: IDataUse): string {
  if (use.kind === 'tabular') {
    return trans.__('Table');
  }
  const words: Record<string, string> = {
    mount: trans.__('Mounted'),
    download: trans.__('Copied'),
    upload: trans.__('Uploaded'),
    live: trans.__('In place'),
    direct: trans.__('Mounted')
  };
  return words[use.mode] ?? use.mode;
}

function Use({
  use,
  onOpenRun
}: { readonly use: IDataUse } & Pick<IDataUsedProps, 'onOpenRun'>): React.JSX.Element {
  const more = use.count - use.places.length;
  return (
    <li>
      <span className="jp-ml-data-name">
        <span title={use.name}>{title(use)}</span>
        <span className="jp-ml-dim">{manner(use)}</span>
      </span>
      {use.places.length > 0 && (
        <span className="jp-ml-data-places jp-ml-mono jp-ml-dim">
          {use.places.map(place => (
            <span key={place} title={place}>
              {place}
            </span>
          ))}
          {more > 0 && <span>{trans.__('and %1 more', String(more))}</span>}
        </span>
      )}
      {use.runs.length > 0 && (
        <span className="jp-ml-data-runs">
          <span className="jp-ml-dim">{trans.__('Also used by')}</span>
          {use.runs.map(run => (
            <Button key={`${run.id} ${run.role}`} kind="link" onClick={() => onOpenRun(run.id)}>
              {run.role === 'written' ? trans.__('%1 (wrote it)', run.name) : run.name}
            </Button>
          ))}
        </span>
      )}
    </li>
  );
}

function Uses({
  heading,
  uses,
  onOpenRun
}: {
  readonly heading: string;
  readonly uses: readonly IDataUse[];
} & Pick<IDataUsedProps, 'onOpenRun'>): React.JSX.Element | null {
  if (uses.length === 0) {
    return null;
  }
  return (
    <div className="jp-ml-data-side">
      <h3>{heading}</h3>
      <ul>
        {uses.map(use => (
          <Use key={use.name} use={use} onOpenRun={onOpenRun} />
        ))}
      </ul>
    </div>
  );
}

/** What the run read and wrote, each with its version, its places and the other runs that used it. */
export function DataUsed({ data, onOpenRun }: IDataUsedProps): React.JSX.Element | null {
  if (!data || data.read.length + data.written.length === 0) {
    return null;
  }
  return (
    <section className="jp-ml-data" aria-label={trans.__('Data')}>
      <Uses heading={trans.__('Data read')} uses={data.read} onOpenRun={onOpenRun} />
      <Uses heading={trans.__('Data written')} uses={data.written} onOpenRun={onOpenRun} />
    </section>
  );
}
