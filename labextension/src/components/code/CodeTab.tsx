import React, { useMemo, useState } from 'react';
import type { ICode } from '../../model/code';
import { formatCount, formatSize } from '../../model/format';
import { trans } from '../../model/language';
import type { IFileEntry, IRunDetail } from '../../model/types';
import { TreeView } from '../run/TreeView';
import { treeRows, type ITreeRow } from '../run/fileTree';
import type { ITabProps } from '../run/page';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { CodeBar } from './CodeBar';
import { CodeFile } from './CodeFile';
import { changedFiles, fileOf, firstFile, type ICodeChange } from './compare';
import { FOLDER, pairOf, useCode, useCounts, type ILineCounts } from './useCode';

const NO_CHANGES: readonly ICodeChange[] = [];

const asEntry = ({ path, size }: { path: string; size: number }): IFileEntry => ({
  path,
  size,
  modified_ms: 0
});

/** Size of a file, or what was added and removed in it. */
function RowEnd(props: {
  readonly row: ITreeRow;
  readonly change: ICodeChange | undefined;
  readonly counts: ILineCounts | undefined;
}): React.JSX.Element | null {
  const { row, change, counts } = props;
  if (!row.file) {
    return null;
  }
  if (!change) {
    return <span className="jp-ml-file-size jp-ml-num jp-ml-dim">{formatSize(row.size)}</span>;
  }
  const words = {
    added: trans.__('new'),
    removed: trans.__('removed'),
    changed: trans.__('changed')
  };
  return (
    <span className="jp-ml-code-change jp-ml-num" title={words[change.change]}>
      {counts ? (
        <>
          <span className="jp-mod-added">+{counts.added}</span>{' '}
          <span className="jp-mod-removed">−{counts.removed}</span>
        </>
      ) : (
        words[change.change]
      )}
    </span>
  );
}

/** What there is in the place of code that is not there. */
function NoCode({ run }: { readonly run: IRunDetail }): React.JSX.Element {
  const text =
    run.snapshot_id === null
      ? trans.__('Runs made in a notebook have no snapshot. What ran is in the notebook itself.')
      : trans.__('The snapshot has no files.');
  return <EmptyState title={trans.__('No code was kept.')} text={text} />;
}

function Code({ code, ...props }: ITabProps & { readonly code: ICode }): React.JSX.Element {
  const { source, run, at, onAt } = props;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const other = at.with ?? null;
  const pair = useMemo(() => pairOf(run.id, other), [run.id, other]);
  const theirs = other === FOLDER ? pair.after : pair.before;
  const others = useCode(source, theirs);
  const changes = useMemo(() => {
    const files = others.value?.files;
    if (!files) {
      return NO_CHANGES;
    }
    return other === FOLDER ? changedFiles(code.files, files) : changedFiles(files, code.files);
  }, [others.value, code, other]);
  const counts = useCounts(source, pair, changes);
  const listed = other === null ? code.files : changes;
  const rows = useMemo(() => treeRows(listed.map(asEntry), closed), [listed, closed]);
  const wanted = at.file === undefined ? null : fileOf(at.file, listed as ICode['files']);
  const shown = wanted ?? firstFile(listed as ICode['files'], run.script);
  const toggle = (path: string): void => {
    const next = new Set(closed);
    if (!next.delete(path)) {
      next.add(path);
    }
    setClosed(next);
  };
  return (
    <>
      <CodeBar
        {...props}
        code={code}
        other={other}
        changed={others.value ? changes.length : null}
        error={others.error?.message ?? null}
      />
      <div className="jp-ml-files-tab jp-mod-preview">
        <div className="jp-ml-files-list">
          {code.truncated && (
            <p className="jp-ml-small jp-ml-dim">
              {trans.__('The first %1 files.', formatCount(code.files.length))}
            </p>
          )}
          <TreeView
            label={trans.__('Source files')}
            rows={rows}
            selected={shown}
            onSelect={row => onAt({ file: row.path, line: undefined })}
            onToggle={toggle}
            end={row => (
              <RowEnd
                row={row}
                change={changes.find(one => one.path === row.path)}
                counts={counts.get(row.path)}
              />
            )}
          />
        </div>
        {shown !== null && (
          <CodeFile
            key={`${shown} ${other ?? ''}`}
            source={source}
            pair={pair}
            path={shown}
            change={changes.find(one => one.path === shown)?.change ?? null}
            line={at.line === undefined ? null : Number(at.line)}
            onLine={line => onAt({ file: shown, line: String(line) })}
          />
        )}
      </div>
    </>
  );
}

/** The code that the run was made from, or how another run's or the folder that it came from differs. */
export function CodeTab(props: ITabProps): React.JSX.Element {
  const { source, run } = props;
  const [attempt, setAttempt] = useState(0);
  const { value: code, error } = useCode(source, run.snapshot_id === null ? null : { run: run.id });
  if (run.snapshot_id === null || code?.files.length === 0) {
    return <NoCode run={run} />;
  }
  if (error) {
    return (
      <EmptyState title={trans.__('The code could not be read.')} text={error.message}>
        <Button onClick={() => setAttempt(attempt + 1)}>{trans.__('Try again')}</Button>
      </EmptyState>
    );
  }
  return code ? <Code key={attempt} {...props} code={code} /> : <SkeletonRows />;
}
