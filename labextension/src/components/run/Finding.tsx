import React from 'react';
import type { IFinding } from '../../model/finding';
import { trans } from '../../model/language';
import type { IRunDetail } from '../../model/types';
import { Changed } from './finding/Changed';
import { Evidence } from './finding/Evidence';
import { FindingActions } from './finding/FindingActions';
import { Where } from './finding/Where';
import type { ITabProps } from './page';

/** What the finding's sentence leaves open: numbers, who failed first, who sent the signal. */
function secondLines(run: IRunDetail, finding: IFinding | null): readonly string[] {
  const { error, reason } = run;
  if (!finding) {
    const message = reason !== null && error && error.message !== reason ? error.message : null;
    return message !== null && !error?.traceback
      ? [message]
      : reason === null && !error
        ? [trans.__('The end of its log may tell more.')]
        : [];
  }
  const rank = finding.rank === null ? null : trans.__('Rank %1 failed first.', finding.rank.rank);
  const lines = [finding.summary, finding.signal?.sentence, rank];
  return lines.filter((line): line is string => Boolean(line) && line !== finding.title);
}

function Advice({ finding }: { readonly finding: IFinding }): React.JSX.Element | null {
  const said = finding.advice.filter(one => one.text !== finding.summary);
  return said.length === 0 ? null : (
    <ul className="jp-ml-advice">
      {said.map(one => (
        <li key={one.text}>
          {one.text}
          {one.code && <code className="jp-ml-mono">{one.code}</code>}
        </li>
      ))}
    </ul>
  );
}

/** Why a run failed, as the page's first thing: a sentence, where it broke, the evidence, what changed, what to do. */
export function Finding(props: ITabProps): React.JSX.Element {
  const { source, run, host, onTab, onOpenRun } = props;
  const finding = run.finding ?? null;
  const first = finding?.title ?? run.reason ?? run.error?.message;
  const log = finding?.rank?.log ?? finding?.log ?? undefined;
  return (
    <section className="jp-ml-finding" aria-label={trans.__('Why it failed')}>
      <h2>{first ?? trans.__('It failed and left no reason.')}</h2>
      {secondLines(run, finding).map(line => (
        <p key={line}>{line}</p>
      ))}
      <div className="jp-ml-finding-parts">
        <Where
          run={run}
          finding={finding}
          onCode={(file, line) => onTab('code', { file, line: String(line) })}
        />
        {finding?.curve && <Evidence curve={finding.curve} />}
        {finding?.changes && (
          <Changed
            changes={finding.changes}
            onOpenRun={id => onOpenRun(id)}
            onDiff={(other, file) => onTab('code', { with: other, ...(file ? { file } : {}) })}
          />
        )}
      </div>
      {finding && <Advice finding={finding} />}
      <FindingActions
        {...{ source, run, host, finding }}
        onCode={(file, line) => onTab('code', { file, line: String(line) })}
        onLog={() => onTab('log', log === undefined ? {} : { log })}
      />
    </section>
  );
}
