import React, { useMemo, useState } from 'react';
import { formatAge, formatFullTime, formatSize } from '../../model/format';
import { trans } from '../../model/language';
import { isEnded } from '../../model/state';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { FilePreview } from './FilePreview';
import { TreeView } from './TreeView';
import { treeRows, type ITreeRow } from './fileTree';
import type { ITabProps } from './page';
import type { IFilesState } from './useFiles';

interface IFilesTabProps extends ITabProps {
  readonly state: IFilesState;
}

/** How much a folder holds; size and age. */
function RowEnd({ row, now }: { readonly row: ITreeRow; readonly now: number }): React.JSX.Element {
  const { file } = row;
  return (
    <>
      {!file && (
        <span className="jp-ml-small jp-ml-dim">{trans._n('%1 file', '%1 files', row.count)}</span>
      )}
      <span className="jp-ml-file-size jp-ml-num">{formatSize(row.size)}</span>
      <span
        className="jp-ml-file-age jp-ml-dim"
        title={file ? formatFullTime(file.modified_ms) : ''}
      >
        {file ? formatAge(file.modified_ms, now) : ''}
      </span>
    </>
  );
}

/** The files of a run as a tree, and what is in the one selected. */
export function FilesTab({ source, run, state }: IFilesTabProps): React.JSX.Element {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string | null>(null);
  const files = state.files ?? [];
  const now = Date.now();
  const rows = useMemo(() => treeRows(state.files ?? [], closed), [state.files, closed]);
  const toggle = (path: string): void => {
    const next = new Set(closed);
    if (!next.delete(path)) {
      next.add(path);
    }
    setClosed(next);
  };
  const file = files.find(one => one.path === selected);
  if (state.error && !state.files) {
    return (
      <EmptyState title={trans.__('The files could not be read.')} text={state.error}>
        <Button onClick={state.reload}>{trans.__('Try again')}</Button>
      </EmptyState>
    );
  }
  if (!state.files) {
    return <SkeletonRows />;
  }
  if (files.length === 0) {
    return (
      <EmptyState
        title={isEnded(run.status) ? trans.__('No files.') : trans.__('No files yet.')}
        text={trans.__('What the script writes to ./outputs and ./logs appears here.')}
      />
    );
  }
  return (
    <div className={file ? 'jp-ml-files-tab jp-mod-preview' : 'jp-ml-files-tab'}>
      <div className="jp-ml-files-list">
        {state.truncated && (
          <Banner icon="info">
            {trans.__('There are more files than are listed: the first %1.', files.length)}
          </Banner>
        )}
        <TreeView
          label={trans.__('Files')}
          end={row => <RowEnd row={row} now={now} />}
          rows={rows}
          selected={selected}
          onSelect={row => setSelected(row.path)}
          onToggle={toggle}
        />
      </div>
      {file && <FilePreview key={file.path} source={source} runId={run.id} file={file} />}
    </div>
  );
}
