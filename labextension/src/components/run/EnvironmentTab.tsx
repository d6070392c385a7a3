import React from 'react';
import type { IEnvironment } from '../../model/environment';
import { formatCount, formatDuration, formatSize } from '../../model/format';
import { trans } from '../../model/language';
import { toClipboard } from '../data/clipboard';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { InstalledPackages } from './InstalledPackages';
import { KeyValues } from './KeyValues';
import type { ITabProps } from './page';

/** "torch==2.6", "numpy >= 2": the name, and the rest of it. */
export function splitRequirement(text: string): readonly [name: string, rest: string] {
  const found = /^\s*([\w.-]+(?:\[[^\]]*\])?)\s*(.*)$/.exec(text);
  return found ? [found[1] ?? text, (found[2] ?? '').replace(/^==?\s*/, '')] : [text, ''];
}

/** What it is, in one sentence. */
export function environmentSentence(environment: IEnvironment): string {
  const { mode, pip, conda, python, image } = environment;
  const count = pip.length + conda.length;
  switch (mode) {
    case 'docker':
      return image === null
        ? trans.__('In a container of an image that was built for it.')
        : trans.__('In a container of %1.', image);
    case 'user':
      return trans.__('With a Python that was there already.');
    default: {
      const all = trans._n('%1 requirement', '%1 requirements', count);
      const tool = mode === 'conda' ? trans.__('conda packages') : 'uv';
      return python === null
        ? trans.__('Built with %1 from %2.', tool, all)
        : trans.__('Built with %1 from %2, Python %3.', tool, all, python);
    }
  }
}

/** What was asked for, in words and units. */
export function limitEntries(
  limits: IEnvironment['limits']
): readonly (readonly [string, string])[] {
  const { slots, memory, gpus, gpu_memory: gpuMemory, nodes } = limits;
  const { memory_limit: ceiling, max_run_duration_s: seconds } = limits;
  const entries: readonly (readonly [string, string | null])[] = [
    [trans.__('Cores'), slots ? formatCount(slots) : null],
    [trans.__('Memory'), memory ? formatSize(memory) : null],
    [trans.__('GPUs'), gpus ? String(gpus) : null],
    [trans.__('Memory of each GPU'), gpuMemory ? formatSize(gpuMemory) : null],
    [trans.__('Nodes'), nodes && nodes > 1 ? formatCount(nodes) : null],
    [trans.__('Ended above'), ceiling ? formatSize(ceiling) : null],
    [trans.__('Ended after'), seconds ? formatDuration(seconds * 1000) : null]
  ];
  return entries.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

interface IPartProps {
  readonly title: string;
  readonly entries: readonly (readonly [string, React.ReactNode])[];
}

function Part({ title, entries }: IPartProps): React.JSX.Element | null {
  return entries.length === 0 ? null : (
    <section className="jp-ml-details-part" aria-label={title}>
      <h3>{title}</h3>
      <KeyValues entries={entries} />
    </section>
  );
}

const packages = (list: readonly string[]): IPartProps['entries'] =>
  list.map(text => {
    const [name, rest] = splitRequirement(text);
    return [name, rest || trans.__('any version')];
  });

const known = (
  entries: readonly (readonly [string, string | null])[]
): readonly (readonly [string, string])[] =>
  entries.flatMap(([name, value]) => (value ? [[name, value] as const] : []));

/** What the run ran in: one sentence, what was asked for, and how its build went. */
export function EnvironmentTab({ source, run, onTab }: ITabProps): React.JSX.Element {
  const { environment, build_log: log } = run;
  if (!environment && run.packages) {
    return (
      <div className="jp-ml-details">
        {!run.imported && (
          <div className="jp-ml-env-head">
            <p>{trans.__('Runs made in a notebook run in its kernel.')}</p>
          </div>
        )}
        <InstalledPackages {...{ source, run }} />
      </div>
    );
  }
  if (!environment) {
    return (
      <EmptyState
        title={trans.__('No environment was recorded.')}
        text={trans.__('Runs made in a notebook run in its kernel.')}
      />
    );
  }
  const { pip, conda, channels, variables, limits } = environment;
  return (
    <div className="jp-ml-details">
      <div className="jp-ml-env-head">
        <p className="jp-ml-why-first">{environmentSentence(environment)}</p>
        {log && <Button onClick={() => onTab('log', { log })}>{trans.__('Open its log')}</Button>}
        {pip.length > 0 && (
          <Button kind="quiet" onClick={() => void toClipboard(`${pip.join('\n')}\n`)}>
            {trans.__('Copy as requirements.txt')}
          </Button>
        )}
      </div>
      <Part title={trans.__('Requirements')} entries={packages(pip)} />
      <Part title={trans.__('Conda packages')} entries={packages(conda)} />
      <Part title={trans.__('Asked for')} entries={limitEntries(limits)} />
      <Part
        title={trans.__('Python and image')}
        entries={known([
          [trans.__('Name'), environment.name],
          [trans.__('Version'), environment.version],
          [trans.__('Interpreter'), environment.interpreter],
          [trans.__('Image'), environment.image],
          [trans.__('Channels'), channels.join(', ')]
        ])}
      />
      <Part title={trans.__('Variables')} entries={Object.entries(variables)} />
      {environment.dockerfile && (
        <section className="jp-ml-details-part">
          <h3>{trans.__('Dockerfile')}</h3>
          <pre className="jp-ml-log jp-ml-source">{environment.dockerfile}</pre>
        </section>
      )}
      <InstalledPackages {...{ source, run }} />
    </div>
  );
}
