import React from 'react';
import type { IChange, IChanges, IFileChange } from '../../../model/finding';
import { trans } from '../../../model/language';
import { Button } from '../../ui/Button';

interface IChangedProps {
  readonly changes: IChanges;
  readonly onOpenRun: (id: string) => void;
  /** Shows how the code differs from that run's; with a file, in that file. */
  readonly onDiff: (run: string, file?: string) => void;
}

const MOST = 8;

function Value({ name, before, after }: IChange): React.JSX.Element {
  return (
    <tr>
      <th scope="row" title={name}>
        {name}
      </th>
      <td className="jp-ml-dim" title={before ?? undefined}>
        {before ?? '–'}
      </td>
      <td>
        <span className="jp-ml-differs" title={after ?? undefined}>
          {after ?? '–'}
        </span>
      </td>
    </tr>
  );
}

/** "train.py +14 −3", "data.py new". */
export function fileText({ path, change, added, removed }: IFileChange): string {
  if (change === 'added') {
    return trans.__('%1 new', path);
  }
  if (change === 'removed') {
    return trans.__('%1 removed', path);
  }
  return added === null || removed === null ? path : `${path} +${added} −${removed}`;
}

function Code({ changes, onDiff }: IChangedProps): React.JSX.Element {
  const { files, more_files: more, run_id: run } = changes;
  if (files.length === 0) {
    return <td colSpan={2}>{trans.__('same')}</td>;
  }
  return (
    <td colSpan={2}>
      {files.slice(0, MOST).map(file => (
        <div key={file.path}>
          <Button kind="link" onClick={() => onDiff(run, file.path)}>
            {fileText(file)}
          </Button>
        </div>
      ))}
      {files.length + more > MOST && (
        <Button kind="link" onClick={() => onDiff(run)}>
          {trans.__('%1 more', Math.max(0, files.length - MOST) + more)}
        </Button>
      )}
    </td>
  );
}

/** What differs from the last good run of the experiment: old value grey, new one on the colour of difference. */
export function Changed(props: IChangedProps): React.JSX.Element {
  const { changes, onOpenRun } = props;
  return (
    <div className="jp-ml-finding-part jp-ml-changed">
      <h3>
        {trans.__('Changed since')}{' '}
        <Button kind="link" onClick={() => onOpenRun(changes.run_id)}>
          {trans.__('run %1', changes.number)}
        </Button>
        {trans.__(', the last good one')}
      </h3>
      <table className="jp-ml-table">
        <tbody>
          {changes.parameters.map(one => (
            <Value key={one.name} {...one} />
          ))}
          <tr>
            <th scope="row">{trans.__('Code')}</th>
            <Code {...props} />
          </tr>
          {changes.environment.length === 0 ? (
            <tr>
              <th scope="row">{trans.__('Environment')}</th>
              <td colSpan={2}>{trans.__('same')}</td>
            </tr>
          ) : (
            changes.environment.map(one => <Value key={`env ${one.name}`} {...one} />)
          )}
        </tbody>
      </table>
    </div>
  );
}
