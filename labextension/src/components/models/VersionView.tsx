import React from 'react';
import { formatFullTime, formatSize, formatMoment } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IModelVersion, ISample } from '../../model/models';
import type { IRunSource } from '../../model/source';
import { KeyValues } from '../run/KeyValues';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { frameworkOf } from './list';
import { resourceEntries } from './resources';

interface IVersionViewProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
  readonly model: IModelVersion;
}

type Entries = readonly (readonly [string, React.ReactNode])[];

function Section({ title, children }: { readonly title: string; children: React.ReactNode }) {
  return (
    <section className="jp-ml-details-part" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Names and values under a heading; nothing where there is none. */
function Pairs({ title, entries }: { readonly title: string; readonly entries: Entries }) {
  return entries.length === 0 ? null : (
    <Section title={title}>
      <KeyValues entries={entries} />
    </Section>
  );
}

/** The files, each with its size and a link that downloads it. */
function Files({ source, model }: IVersionViewProps): React.JSX.Element {
  return (
    <Section title={trans.__('Files')}>
      <ul className="jp-ml-model-files">
        {model.files.map(({ path, size }) => {
          const url = source.modelFileUrl?.(model.name, model.version, path) ?? null;
          return (
            <li key={path}>
              <span className="jp-ml-mono jp-ml-cut" title={path}>
                {path}
              </span>
              <span className="jp-ml-num jp-ml-dim">{formatSize(size)}</span>
              {url !== null && (
                <a
                  className="jp-ml-btn jp-ml-btn-icon"
                  href={url}
                  download
                  title={trans.__('Download %1', path)}
                  aria-label={trans.__('Download %1', path)}
                >
                  <Icon name="download" />
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Sample({ title, sample }: { readonly title: string; readonly sample: ISample | null }) {
  return sample === null ? null : (
    <Section title={title}>
      <pre className="jp-ml-code jp-ml-model-sample" tabIndex={0}>
        {sample.text}
      </pre>
      {!sample.whole && (
        <p className="jp-ml-small jp-ml-dim">{trans.__('This is only its beginning.')}</p>
      )}
    </Section>
  );
}

function origin({ host, model }: IVersionViewProps): Entries {
  const { run_id: run } = model;
  const link = run && (
    <Button kind="link" onClick={() => host.openRun(run)}>
      {run}
    </Button>
  );
  const entries: Entries = [
    [trans.__('Framework'), frameworkOf(model)],
    [trans.__('Run'), link],
    [trans.__('Experiment'), model.experiment],
    [
      trans.__('Registered'),
      <span key="at" title={formatFullTime(model.created_ms)}>
        {formatMoment(model.created_ms, Date.now())}
      </span>
    ],
    [trans.__('By'), model.user],
    [trans.__('Size'), formatSize(model.size)]
  ];
  return entries.filter(([, value]) => Boolean(value));
}

const dataEntries = (model: IModelVersion): Entries =>
  model.datasets.map(({ purpose, name, version }) => [
    purpose,
    name === null
      ? trans.__('not registered')
      : version === null
        ? name
        : trans.__('%1, version %2', name, version)
  ]);

/** Everything that is known of one version. */
export function VersionView(props: IVersionViewProps): React.JSX.Element {
  const { model } = props;
  const tags = Object.entries(model.tags).map(([key, value]) => [key, value ?? '✓'] as const);
  return (
    <div className="jp-ml-model-version">
      <div>
        {model.description && <p className="jp-ml-model-about">{model.description}</p>}
        <Pairs title={trans.__('Origin')} entries={origin(props)} />
        <Files {...props} />
        <Sample title={trans.__('Sample input')} sample={model.sample_input} />
        <Sample title={trans.__('Sample output')} sample={model.sample_output} />
      </div>
      <div>
        <Pairs title={trans.__('Resources asked for')} entries={resourceEntries(model.resources)} />
        <Pairs title={trans.__('Tags')} entries={tags} />
        <Pairs title={trans.__('Properties')} entries={Object.entries(model.properties)} />
        <Pairs title={trans.__('Data')} entries={dataEntries(model)} />
      </div>
    </div>
  );
}
