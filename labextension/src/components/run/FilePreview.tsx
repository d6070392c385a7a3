import React from 'react';
import { formatSize } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IFileEntry } from '../../model/types';
import { Icon } from '../ui/Icon';
import {
  csvHead,
  isBinary,
  notebookCells,
  prettyJson,
  previewKind,
  type PreviewKind
} from './preview';
import { useHead, type IHeadState } from './useHead';

/** Bytes read for a preview of text. */
const TEXT_BYTES = 65_536;
/** A whole notebook or JSON file up to this size is laid out. */
const WHOLE_BYTES = 2_097_152;
const CSV_ROWS = 50;

interface IFilePreviewProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly file: IFileEntry;
}

function bytesFor(kind: PreviewKind, size: number): number {
  const whole = kind === 'json' || kind === 'notebook';
  return kind === 'image' || kind === 'page' ? 0 : whole && size <= WHOLE_BYTES ? size : TEXT_BYTES;
}

function Table({ rows }: { readonly rows: readonly (readonly string[])[] }): React.JSX.Element {
  const [head, ...body] = rows;
  return (
    <table className="jp-ml-table">
      <thead>
        <tr>
          {head?.map((cell, i) => (
            <th key={i}>{cell}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) => (
              <td key={j}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Notebook({ text }: { readonly text: string }): React.JSX.Element {
  const cells = notebookCells(text);
  if (!cells) {
    return <pre className="jp-ml-log">{text}</pre>;
  }
  return (
    <>
      <p className="jp-ml-small jp-ml-dim">
        {trans.__('A notebook of %1 cells; their source:', cells.length)}
      </p>
      {cells.map(({ type, source }, i) => (
        <pre key={i} className={type === 'code' ? 'jp-ml-log jp-ml-source' : 'jp-ml-log'}>
          {source}
        </pre>
      ))}
    </>
  );
}

function Text({
  kind,
  head,
  path
}: {
  kind: PreviewKind;
  head: IHeadState;
  path: string;
}): React.JSX.Element | null {
  const { data, whole } = head;
  if (!data) {
    return null;
  }
  if (data.length === 0) {
    return <p className="jp-ml-dim">{trans.__('The file is empty.')}</p>;
  }
  if (isBinary(data)) {
    return <p className="jp-ml-dim">{trans.__('There is no preview for this kind of file.')}</p>;
  }
  const text = new TextDecoder().decode(data);
  if (kind === 'csv') {
    return <Table rows={csvHead(text, path, CSV_ROWS, whole)} />;
  }
  if (kind === 'notebook' && whole) {
    return <Notebook text={text} />;
  }
  return <pre className="jp-ml-log">{kind === 'json' && whole ? prettyJson(text) : text}</pre>;
}

/** A frame of its own origin: the page in it may run its scripts and reach nothing of ours. */
function Page({ url, name }: { readonly url: string; readonly name: string }): React.JSX.Element {
  return (
    <iframe
      className="jp-ml-frame"
      src={url}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      title={name}
    />
  );
}

/** What a file holds, as far as it can be shown, with its name, size and download. */
export function FilePreview({ source, runId, file }: IFilePreviewProps): React.JSX.Element {
  const kind = previewKind(file.path);
  const head = useHead(source, runId, file.path, bytesFor(kind, file.size));
  const url = source.fileUrl(runId, file.path);
  const download = source.fileUrl(runId, file.path, true);
  const shown = head.data && !head.whole && !isBinary(head.data);
  return (
    <section className="jp-ml-preview" aria-label={trans.__('Preview of %1', file.path)}>
      <div className="jp-ml-bar">
        <span className="jp-ml-cut" title={file.path}>
          {file.path}
        </span>
        <span className="jp-ml-small jp-ml-dim jp-ml-num">{formatSize(file.size)}</span>
        <span className="jp-ml-grow" />
        {download && (
          <a className="jp-ml-btn jp-ml-btn-plain" href={download} download>
            <Icon name="download" />
            {trans.__('Download')}
          </a>
        )}
      </div>
      <div className="jp-ml-preview-body">
        {head.error && <p className="jp-ml-err">{head.error}</p>}
        {kind === 'image' && url && <img src={url} alt={file.path} />}
        {kind === 'page' && url && <Page url={url} name={file.path} />}
        {(kind === 'image' || kind === 'page') && !url && (
          <p className="jp-ml-dim">
            {trans.__('This file cannot be shown here: there is no server to take it from.')}
          </p>
        )}
        <Text kind={kind} head={head} path={file.path} />
        {shown && (
          <p className="jp-ml-small jp-ml-dim">
            {trans.__(
              'The first %1 of %2.',
              formatSize(head.data?.length ?? 0),
              formatSize(file.size)
            )}
          </p>
        )}
      </div>
    </section>
  );
}
