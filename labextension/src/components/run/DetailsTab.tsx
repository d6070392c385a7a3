import React from 'react';
import { formatTook, formatFullTime } from '../../model/format';
import { trans } from '../../model/language';
import { durationOf, stateLook } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { toClipboard } from '../data/clipboard';
import { Button, IconButton } from '../ui/Button';
import { importedEntries } from './Imported';
import { KeyValues } from './KeyValues';
import type { ITabProps } from './page';

/** Before the name of a property that stands among the parameters. */
const PARAMETER = 'param.';

type Entries = readonly (readonly [string, React.ReactNode])[];

/** Words of a command line as a shell would need them. */
export function shellLine(words: readonly string[]): string {
  return words
    .map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`))
    .join(' ');
}

function Copyable({
  text,
  what
}: {
  readonly text: string;
  readonly what: string;
}): React.JSX.Element {
  return (
    <span className="jp-ml-copyable">
      <span className="jp-ml-mono">{text}</span>
      <IconButton
        icon="copy"
        label={trans.__('Copy %1', what)}
        onClick={() => void toClipboard(text)}
      />
    </span>
  );
}

function Section({
  title,
  entries
}: {
  readonly title: string;
  readonly entries: Entries;
}): React.JSX.Element | null {
  const known = entries.filter(
    ([, value]) => value !== null && value !== '' && value !== undefined
  );
  if (known.length === 0) {
    return null;
  }
  return (
    <section className="jp-ml-details-part" aria-label={title}>
      <h3>{title}</h3>
      <KeyValues entries={known} />
    </section>
  );
}

function identity({ run, onOpenRun }: ITabProps): Entries {
  return [
    [trans.__('Run id'), <Copyable key="id" text={run.id} what={trans.__('the run’s id')} />],
    [trans.__('Name'), run.display_name],
    [trans.__('Number'), String(run.number)],
    [trans.__('Experiment'), run.experiment],
    [trans.__('Type'), run.type],
    [trans.__('State'), stateLook(run.status).word],
    [trans.__('Reason'), run.reason],
    ...run.parents.map(
      (parent, i) =>
        [
          i === 0 ? trans.__('Root run') : trans.__('Parent run'),
          <Button key={parent.id} kind="link" onClick={() => onOpenRun(parent.id)}>
            {parent.display_name} {parent.number}
          </Button>
        ] as const
    )
  ];
}

function times(run: IRunDetail): Entries {
  const time = (ms: number | null): string | null => (ms === null ? null : formatFullTime(ms));
  const took = durationOf(run, Date.now());
  return [
    [trans.__('Submitted'), time(run.created_ms)],
    [trans.__('Started'), time(run.started_ms)],
    [trans.__('Ended'), time(run.ended_ms)],
    [trans.__('Duration'), took === null ? null : formatTook(took)],
    [trans.__('User'), run.user],
    [trans.__('Host'), run.host],
    [trans.__('Target'), run.target]
  ];
}

function code(run: IRunDetail): Entries {
  const git = Object.entries(run.git ?? {}).map(
    ([key, value]) =>
      [
        trans.__('Git %1', key),
        typeof value === 'boolean' ? (value ? trans.__('yes') : trans.__('no')) : value
      ] as const
  );
  const command = run.command ? shellLine(run.command) : null;
  return [
    [
      trans.__('Command'),
      command && <Copyable key="command" text={command} what={trans.__('the command')} />
    ],
    [trans.__('Script'), run.script],
    [trans.__('Arguments'), run.arguments.length > 0 ? shellLine(run.arguments) : null],
    [trans.__('Snapshot'), run.snapshot_id],
    ...git
  ];
}

/** Everything that is known of a run and has no other tab: origin, command, parameters, properties. */
export function DetailsTab(props: ITabProps): React.JSX.Element {
  const { run } = props;
  return (
    <div className="jp-ml-details">
      <Section title={trans.__('Parameters')} entries={Object.entries(run.parameters)} />
      <Section title={trans.__('Code')} entries={code(run)} />
      <Section title={trans.__('This run')} entries={identity(props)} />
      <Section title={trans.__('When and where')} entries={times(run)} />
      {run.imported && (
        <Section title={trans.__('Imported')} entries={importedEntries(run.imported)} />
      )}
      <Section
        title={trans.__('Tags')}
        entries={Object.entries(run.tags).map(([k, v]) => [k, v ?? trans.__('(no value)')])}
      />
      <Section
        title={trans.__('Properties')}
        entries={Object.entries(run.properties).filter(([key]) => !key.startsWith(PARAMETER))}
      />
    </div>
  );
}
