import React, { useMemo, useState } from 'react';
import type { IViewHost } from '../../model/host';
import type { IRunSource } from '../../model/source';
import type { IRunDetail } from '../../model/types';
import { runAgain } from '../data/actions';
import { Button } from '../ui/Button';
import { isSubmitted } from '../../model/state';
import { parseTraceback, shortPath, type TraceLine } from './traceback';

function Line({
  line,
  run
}: {
  readonly line: TraceLine;
  readonly run: string;
}): React.JSX.Element {
  switch (line.kind) {
    case 'frame':
      return (
        <div title={line.path}>
          {'  '}File &quot;
          <span className="jp-ml-trace-file">
            {shortPath(line.path, run)}:{line.line}
          </span>
          &quot;
          {line.name && `, in ${line.name}`}
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
          {'  '}… {line.count} {line.count === 1 ? 'frame' : 'frames'} in {line.library}
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
function Trace({
  traceback,
  run
}: {
  readonly traceback: string;
  readonly run: string;
}): React.JSX.Element {
  const [whole, setWhole] = useState(false);
  const lines = useMemo(() => parseTraceback(traceback), [traceback]);
  const folds = lines.some(line => line.kind === 'folded');
  return (
    <div className="jp-ml-finding-where">
      <h3>Where it broke</h3>
      <div className="jp-ml-log jp-ml-trace" tabIndex={0} aria-label="Traceback">
        {whole ? traceback : lines.map((line, i) => <Line key={i} line={line} run={run} />)}
      </div>
      {folds && (
        <Button kind="link" className="jp-ml-small" onClick={() => setWhole(!whole)}>
          {whole ? 'Fold frames of libraries' : 'Show all frames'}
        </Button>
      )}
    </div>
  );
}

/** The run's failure as text, to be sent to somebody. */
export function findingText(run: IRunDetail): string {
  const head = `${run.display_name} (run ${run.number}, ${run.id}) failed.`;
  const parts = [head, run.reason, run.error?.message, run.error?.traceback];
  return [...new Set(parts.filter((p): p is string => Boolean(p)))].join('\n');
}

interface IFindingProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
  readonly onLog: () => void;
}

/** Why a run failed, as the page's first thing: a sentence, where it broke, what can be done. */
export function Finding({ source, run, host, onLog }: IFindingProps): React.JSX.Element {
  const { error, reason } = run;
  const first = reason ?? error?.message ?? 'It failed and left no reason.';
  const second = reason !== null && error && error.message !== reason ? error.message : null;
  const mayRun = run.can_write && source.command !== undefined && isSubmitted(run);
  return (
    <section className="jp-ml-finding" aria-label="Why it failed">
      <h2>{first}</h2>
      {second && !error?.traceback && <p>{second}</p>}
      {!reason && !error && <p>The end of its log may tell more.</p>}
      {error?.traceback && <Trace traceback={error.traceback} run={run.id} />}
      <div className="jp-ml-finding-acts">
        {mayRun && (
          <Button kind="primary" onClick={() => void runAgain(source, host, run)}>
            Run again
          </Button>
        )}
        <Button onClick={onLog}>Open log</Button>
        {navigator.clipboard && (
          <Button kind="quiet" onClick={() => void navigator.clipboard.writeText(findingText(run))}>
            Copy as text
          </Button>
        )}
      </div>
    </section>
  );
}
