import React from 'react';
import type { IFinding } from '../../../model/finding';
import type { IViewHost } from '../../../model/host';
import { trans } from '../../../model/language';
import type { IRunSource } from '../../../model/source';
import { isSubmitted } from '../../../model/state';
import type { IRunDetail } from '../../../model/types';
import { toClipboard } from '../../data/clipboard';
import { runAgain } from '../../data/actions';
import { Button } from '../../ui/Button';
import { cloneCode } from '../code';
import { shortPath } from '../traceback';
import type { OpenCode } from './Where';

interface IFindingActionsProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
  readonly finding: IFinding | null;
  readonly onCode: OpenCode;
  readonly onLog: () => void;
}

/** The run's failure as text, to be sent to somebody. */
export function findingText(run: IRunDetail): string {
  const { finding, error } = run;
  const head = trans.__('%1 (run %2, %3) failed.', run.display_name, run.number, run.id);
  const parts = [
    head,
    finding?.title ?? run.reason,
    finding?.summary,
    finding?.changes?.sentence,
    error?.message,
    finding?.traceback ?? error?.traceback
  ];
  return [...new Set(parts.filter((p): p is string => Boolean(p)))].join('\n');
}

/** A parameter to set back to what it was in the last good run, when memory ran out. */
export function remedyParameter(
  run: IRunDetail,
  finding: IFinding | null
): { readonly name: string; readonly value: string; readonly arguments: readonly string[] } | null {
  if (finding?.kind !== 'gpu_memory' && finding?.kind !== 'memory') {
    return null;
  }
  const change = finding.changes?.parameters.find(one => /batch/i.test(one.name));
  const at = run.arguments.findIndex(
    word => word.replace(/^-+/, '').replace(/-/g, '_') === change?.name.replace(/-/g, '_')
  );
  if (!change || change.before === null || at < 0) {
    return null;
  }
  const words = [...run.arguments];
  words[at + 1] = change.before;
  return { name: change.name, value: change.before, arguments: words };
}

function Primary(props: IFindingActionsProps): React.JSX.Element | null {
  const { source, run, host, finding } = props;
  const { insertCell } = host;
  const advice = finding?.advice.find(one => one.code !== null);
  const parameter = remedyParameter(run, finding);
  if (advice?.code && insertCell) {
    const { code } = advice;
    return (
      <Button kind="primary" onClick={() => insertCell(code)}>
        {advice.package
          ? trans.__('Add %1 in a cell', advice.package)
          : trans.__('Insert the fix into a cell')}
      </Button>
    );
  }
  if (parameter && insertCell) {
    const again = cloneCode({ ...run, arguments: parameter.arguments });
    return (
      <Button kind="primary" onClick={() => insertCell(again)}>
        {trans.__('Clone with %1 %2', parameter.name, parameter.value)}
      </Button>
    );
  }
  return mayRun(props) ? (
    <Button kind="primary" onClick={() => void runAgain(source, host, run)}>
      {trans.__('Run again')}
    </Button>
  ) : null;
}

const mayRun = ({ source, run }: IFindingActionsProps): boolean =>
  run.can_write && source.command !== undefined && isSubmitted(run);

/** The likeliest fix first, then what helps to look further. */
export function FindingActions(props: IFindingActionsProps): React.JSX.Element {
  const { run, finding, onCode, onLog } = props;
  const own = finding?.frames.filter(frame => frame.own && frame.path !== null) ?? [];
  const frame = own[own.length - 1];
  return (
    <div className="jp-ml-finding-acts">
      <Primary {...props} />
      {frame?.path && (
        <Button onClick={() => onCode(frame.path ?? '', frame.line)}>
          {trans.__('Open %1', `${shortPath(frame.path, run.id)}:${frame.line}`)}
        </Button>
      )}
      <Button onClick={onLog}>{trans.__('Open log')}</Button>
      <Button kind="quiet" onClick={() => void toClipboard(findingText(run))}>
        {trans.__('Copy as text')}
      </Button>
    </div>
  );
}
