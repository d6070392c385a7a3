import React, { useMemo, useState } from 'react';
import type { IFinding, IFrame } from '../../../model/finding';
import { trans } from '../../../model/language';
import type { IRunDetail } from '../../../model/types';
import { Button } from '../../ui/Button';
import { parseTraceback, shortPath, type TraceLine } from '../traceback';

/** Shows a line of the run's code. */
export type OpenCode = (file: string, line: number) => void;

/** As Python writes it. */
const FILE = '  File "';

interface IWhereProps {
  readonly run: IRunDetail;
  readonly onCode: OpenCode;
}

/** Frames in a row of libraries as one line. */
function folded(frames: readonly IFrame[]): TraceLine[] {
  const lines: TraceLine[] = [];
  for (const frame of frames) {
    const last = lines[lines.length - 1];
    if (frame.own) {
      lines.push({
        kind: 'frame',
        path: frame.path ?? frame.file,
        line: frame.line,
        name: frame.function ?? ''
      });
      lines.push(...(frame.code ? [{ kind: 'code', text: frame.code } as const] : []));
    } else if (last?.kind === 'folded') {
      lines[lines.length - 1] = { ...last, count: last.count + 1 };
    } else {
      lines.push({ kind: 'folded', count: 1, library: libraryOf(frame.file) });
    }
  }
  return lines;
}

const libraryOf = (file: string): string => file.split('/')[0]?.replace(/\.py$/, '') ?? file;

/** Where a finding says that it broke, as the lines of a traceback. */
export function whereLines(finding: IFinding): readonly TraceLine[] {
  const { frames, error } = finding;
  if (frames.length === 0) {
    return finding.traceback === null ? [] : parseTraceback(finding.traceback);
  }
  return [
    ...folded(frames),
    ...(error ? [{ kind: 'exception', name: error.type, text: error.message } as const] : [])
  ];
}

function Line({ line, run, onCode }: IWhereProps & { line: TraceLine }): React.JSX.Element {
  switch (line.kind) {
    case 'frame':
      return (
        <div title={line.path}>
          {FILE}
          <button
            type="button"
            className="jp-ml-btn jp-ml-btn-link jp-ml-log-link"
            onClick={() => onCode(line.path, line.line)}
          >
            {shortPath(line.path, run.id)}:{line.line}
          </button>
          &quot;
          {line.name && trans.__(', in %1', line.name)}
        </div>
      );
    case 'code':
      return (
        <div>
          {'    '}
          <b>{line.text}</b>
        </div>
      );
    case 'folded':
      return (
        <div className="jp-ml-dim">
          {'  … '}
          {trans._n('%1 frame in %2', '%1 frames in %2', line.count, line.library)}
        </div>
      );
    case 'exception':
      return (
        <div>
          <span className="jp-ml-line-exception">{line.name}</span>
          {line.text && `: ${line.text}`}
        </div>
      );
    default:
      return <div>{line.text}</div>;
  }
}

/** Where it broke: the user's frames, those of libraries folded, the error. The whole text on demand. */
export function Where(
  props: IWhereProps & { readonly finding: IFinding | null }
): React.JSX.Element | null {
  const { run, finding } = props;
  const [whole, setWhole] = useState(false);
  const traceback = finding?.traceback ?? run.error?.traceback ?? null;
  const lines = useMemo(
    () => (finding ? whereLines(finding) : parseTraceback(traceback ?? '')),
    [finding, traceback]
  );
  if (lines.length === 0) {
    return <Tail lines={finding?.tail ?? []} />;
  }
  const folds = lines.some(line => line.kind === 'folded');
  return (
    <div className="jp-ml-finding-part">
      <h3>{trans.__('Where it broke')}</h3>
      <div className="jp-ml-log jp-ml-trace" tabIndex={0} aria-label={trans.__('Traceback')}>
        {whole ? traceback : lines.map((line, i) => <Line key={i} {...props} line={line} />)}
      </div>
      {folds && traceback !== null && (
        <Button kind="link" className="jp-ml-small" onClick={() => setWhole(!whole)}>
          {whole ? trans.__('Fold frames of libraries') : trans.__('Show all frames')}
        </Button>
      )}
    </div>
  );
}

/** The end of the log, where there is no traceback. */
function Tail({ lines }: { readonly lines: readonly string[] }): React.JSX.Element | null {
  return lines.length === 0 ? null : (
    <div className="jp-ml-finding-part">
      <h3>{trans.__('The last lines')}</h3>
      <div className="jp-ml-log jp-ml-trace" tabIndex={0} aria-label={trans.__('The last lines')}>
        {lines.join('\n')}
      </div>
    </div>
  );
}
