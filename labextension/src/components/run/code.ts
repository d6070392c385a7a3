/** Python code about a run, for a notebook's cell. All pure. */
import type { IRunDetail } from '../../model/types';

/** A Python literal of a text; JSON's escapes are Python's. */
const text = (value: string): string => JSON.stringify(value);

const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

function tags(run: IRunDetail): string {
  const entries = Object.entries(run.tags);
  if (entries.length === 0) {
    return '';
  }
  const pairs = entries.map(
    ([key, value]) => `${text(key)}: ${value === null ? 'None' : text(value)}`
  );
  return `, tags={${pairs.join(', ')}}`;
}

/** Code that submits the same script with the same arguments again, to be changed and run. */
export function cloneCode(run: IRunDetail): string {
  const what = run.script
    ? [`    script=${text(run.script)},`, `    arguments=${list(run.arguments)},`]
    : [`    command=${list(run.command ?? [])},`];
  return [
    'from ml_jupyter import Experiment, ScriptRunConfig, Workspace',
    'from ml_jupyter.widgets import RunDetails',
    '',
    'ws = Workspace.from_config()',
    'config = ScriptRunConfig(',
    '    source_directory=".",',
    ...what,
    ')',
    `run = Experiment(ws, ${text(run.experiment)}).submit(config${tags(run)})`,
    'RunDetails(run).show()'
  ].join('\n');
}
