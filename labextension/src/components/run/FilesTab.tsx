import React, { useMemo, useRef, useState } from 'react';
import { formatAge, formatFullTime, formatSize, plural } from '../../model/format';
import { isEnded } from '../../model/state';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { Icon } from '../ui/Icon';
import { SkeletonRows } from '../ui/Skeleton';
import { FilePreview } from './FilePreview';
import { treeRows, type ITreeRow } from './fileTree';
import type { ITabProps } from './page';
import type { IFilesState } from './useFiles';

interface IFilesTabProps extends ITabProps {
  readonly state: IFilesState;
}

interface ITreeProps {
  readonly rows: readonly ITreeRow[];
  readonly selected: string | null;
  readonly onSelect: (row: ITreeRow) => void;
  readonly onToggle: (path: string) => void;
}

function Row(
  props: ITreeProps & { row: ITreeRow; now: number; first: boolean }
): React.JSX.Element {
  const { row, selected, onSelect, onToggle, now, first } = props;
  const { file } = row;
  const on = row.path === selected;
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={file ? undefined : row.open}
      aria-selected={on}
      data-path={row.path}
      tabIndex={on || (selected === null && first) ? 0 : -1}
      className={on ? 'jp-ml-file jp-mod-on' : 'jp-ml-file'}
      style={{ paddingLeft: 8 + row.depth * 16 }}
      onClick={() => (file ? onSelect(row) : onToggle(row.path))}
    >
      <Icon name={file ? 'file' : row.open ? 'down' : 'right'} />
      <span className="jp-ml-cut jp-ml-grow" title={row.path}>
        {row.name}
      </span>
      {!file && <span className="jp-ml-small jp-ml-dim">{plural(row.count, 'file')}</span>}
      <span className="jp-ml-file-size jp-ml-num">{formatSize(row.size)}</span>
      <span
        className="jp-ml-file-age jp-ml-dim"
        title={file ? formatFullTime(file.modified_ms) : ''}
      >
        {file ? formatAge(file.modified_ms, now) : ''}
      </span>
    </div>
  );
}

/** The tree: one tab stop, arrows go up and down, open and close. */
function Tree(props: ITreeProps): React.JSX.Element {
  const { rows, onSelect, onToggle } = props;
  const list = useRef<HTMLDivElement>(null);
  const now = Date.now();
  const move = (to: ITreeRow | undefined): void => {
    if (to) {
      const items = list.current?.querySelectorAll<HTMLElement>('[role=treeitem]') ?? [];
      [...items].find(item => item.dataset.path === to.path)?.focus();
      if (to.file) {
        onSelect(to);
      }
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const path = (event.target as HTMLElement).dataset.path;
    const at = rows.findIndex(row => row.path === path);
    const row = rows[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      move(rows[at + (event.key === 'ArrowDown' ? 1 : -1)]);
    } else if (row && !row.file && event.key === (row.open ? 'ArrowLeft' : 'ArrowRight')) {
      onToggle(row.path);
    } else if (row && (event.key === 'Enter' || event.key === ' ')) {
      (row.file ? () => onSelect(row) : () => onToggle(row.path))();
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div ref={list} className="jp-ml-files" role="tree" aria-label="Files" onKeyDown={onKeyDown}>
      {rows.map((row, i) => (
        <Row key={row.path} {...props} row={row} now={now} first={i === 0} />
      ))}
    </div>
  );
}

/** The files of a run as a tree, and what is in the one selected. */
export function FilesTab({ source, run, state }: IFilesTabProps): React.JSX.Element {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string | null>(null);
  const files = state.files ?? [];
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
      <EmptyState title="The files could not be read." text={state.error}>
        <Button onClick={state.reload}>Try again</Button>
      </EmptyState>
    );
  }
  if (!state.files) {
    return <SkeletonRows />;
  }
  if (files.length === 0) {
    return (
      <EmptyState
        title={isEnded(run.status) ? 'No files.' : 'No files yet.'}
        text="What the script writes to ./outputs and ./logs appears here."
      />
    );
  }
  return (
    <div className={file ? 'jp-ml-files-tab jp-mod-preview' : 'jp-ml-files-tab'}>
      <div className="jp-ml-files-list">
        {state.truncated && (
          <Banner icon="info">
            There are more files than are listed: the first {files.length}.
          </Banner>
        )}
        <Tree
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
