/** What a person does to a run, the same from every view: ask where it cannot be undone, say when it fails. */
import { asSourceError } from '../../model/errors';
import { trans } from '../../model/language';
import type { IViewHost } from '../../model/host';
import type { CommandName, ICommands, IRunSource } from '../../model/source';
import type { IRunSummary } from '../../model/types';
import { freeQuestion, type IRemedy } from '../machine/devices';

type Named = Pick<IRunSummary, 'id' | 'display_name'>;

/** Gives a command; a failure is shown and answered with null. */
export async function giveCommand<C extends CommandName>(
  source: IRunSource,
  host: Pick<IViewHost, 'notify'>,
  name: C,
  args: ICommands[C]['args']
): Promise<ICommands[C]['answer'] | null> {
  if (!source.command) {
    host.notify('error', trans.__('This view is a saved picture; it cannot change the run.'));
    return null;
  }
  try {
    return await source.command(name, args);
  } catch (reason) {
    const { message } = asSourceError(reason);
    host.notify('error', message);
    return null;
  }
}

/** The question that Stop asks. */
export function stopQuestion(runs: readonly Named[]): string {
  const [first] = runs;
  return runs.length === 1 && first
    ? trans.__('Stop %1? What it has written stays. It cannot be resumed.', first.display_name)
    : trans.__(
        'Stop %1? What they have written stays. They cannot be resumed.',
        trans._n('%1 run', '%1 runs', runs.length)
      );
}

/**
 * Stops runs after asking once.
 *
 * @param onSent - told before the answer comes, so that the view can show Stopping at once
 * @returns whether the person agreed
 */
export async function stopRuns(
  source: IRunSource,
  host: Pick<IViewHost, 'notify' | 'confirm'>,
  runs: readonly Named[],
  onSent: (ids: readonly string[]) => void = () => undefined
): Promise<boolean> {
  if (runs.length === 0 || !(await host.confirm(stopQuestion(runs)))) {
    return false;
  }
  onSent(runs.map(r => r.id));
  await Promise.all(runs.map(run => giveCommand(source, host, 'cancel', { run: run.id })));
  return true;
}

/** Submits a run's definition and snapshot again and shows the new run. */
export async function runAgain(source: IRunSource, host: IViewHost, run: Named): Promise<void> {
  const again = await giveCommand(source, host, 'rerun', { run: run.id });
  if (again) {
    host.notify(
      'success',
      trans.__('Submitted %1 again as run %2.', again.display_name, again.number)
    );
    host.openRun(again.id);
  }
}

/** Gives the GPU that an idle notebook holds back, by restarting its kernel; asks first. */
export async function freeGpu(
  host: Pick<IViewHost, 'notify' | 'confirm' | 'restartKernel'>,
  { kernel, notebook, label }: IRemedy
): Promise<void> {
  if (!host.restartKernel || !(await host.confirm(freeQuestion(notebook), label))) {
    return;
  }
  try {
    await host.restartKernel(kernel);
    host.notify('success', trans.__('The kernel of %1 was restarted.', notebook));
  } catch (reason) {
    host.notify('error', asSourceError(reason).message);
  }
}

/** A run that is dragged: the code that loads it, for notebooks; elsewhere the same goes as text. */
export const RUN_DRAG_TYPE = 'application/vnd.ml-jupyter.run';

/** A name as the end of a line of code, whatever it holds. */
const comment = (name: string): string => `# ${name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}`;

/** Code that loads runs in a notebook. */
export function loadingCodeOf(runs: readonly Named[]): string {
  const [first] = runs;
  return runs.length === 1 && first
    ? loadingCode(first)
    : [
        'from ml_jupyter import Workspace',
        'from ml_jupyter.widgets import RunDetails',
        '',
        'ws = Workspace.from_config()',
        'runs = [',
        ...runs.map(
          run => `    ws.get_run(${JSON.stringify(run.id)}),  ${comment(run.display_name)}`
        ),
        ']',
        'for run in runs:',
        '    RunDetails(run).show()'
      ].join('\n');
}

/** Code that loads a run in a notebook. */
export function loadingCode(run: Named): string {
  return [
    'from ml_jupyter import Workspace',
    'from ml_jupyter.widgets import RunDetails',
    '',
    `run = Workspace.from_config().get_run(${JSON.stringify(run.id)})  ${comment(run.display_name)}`,
    'RunDetails(run).show()'
  ].join('\n');
}

/** Code that submits a first script. */
export const FIRST_RUN_CODE = [
  'from ml_jupyter import *',
  '',
  'ws = Workspace.from_config()',
  'exp = Experiment(ws, "first-try")',
  'cfg = ScriptRunConfig(".", "train.py")',
  'run = exp.submit(cfg)'
].join('\n');

/** A tag as it is typed: `key` or `key=value`; null when there is no key. */
export function parseTag(text: string): Record<string, string | null> | null {
  const [key = '', ...rest] = text.split('=');
  const name = key.trim();
  return name ? { [name]: rest.length ? rest.join('=').trim() : null } : null;
}
