import React, { useMemo, useState } from 'react';
import { ComparePage } from '../src/components/compare/ComparePage';
import type { CompareTab } from '../src/components/compare/CompareTabs';
import { EMPTY, type ICompareContent } from '../src/components/compare/content';
import { course, demoRun, demoSeries, random } from '../src/sources/demo';
import { FakeRunSource } from '../src/sources/fake';
import type { IRunDetail, MetricSeries } from '../src/model/types';
import { galleryHost } from './host';

const SETTINGS: readonly Readonly<Record<string, string>>[] = [
  {},
  { mixup: '0.2' },
  { cutmix: '1.0' },
  { lr: '1e-4' },
  { lr: '1e-3', drop_path: '0.3' },
  { batch_size: '128', grad_checkpointing: 'off', drop_path: '0.0' }
];
const USUAL = {
  lr: '3e-4',
  mixup: '0',
  cutmix: '0',
  drop_path: '0.1',
  batch_size: '64',
  grad_checkpointing: 'on',
  epochs: '30',
  seed: '1'
};

/** A run whose curves rise to a value of its own. */
function made(i: number): { run: IRunDetail; series: MetricSeries[] } {
  const next = random(i + 3);
  const own = SETTINGS[i] ?? {
    lr: ['1e-4', '3e-4', '1e-3'][i % 3] ?? '1e-4',
    mixup: ((i % 5) / 10).toString(),
    optimizer: i % 2 ? 'adamw' : 'sgd'
  };
  const failed = i === 5;
  const best = 0.945 + next() * 0.02;
  const auc = failed ? [] : course(80, 0.84, best, 0.004, i + 1);
  const loss = failed ? [] : course(80, 0.7, 1.11 - best, 0.01, i + 9);
  const metric = (name: string, values: readonly number[]) => ({
    name,
    kind: 'scalar' as const,
    count: values.length,
    last: values[values.length - 1] ?? null,
    min: values.length > 0 ? Math.min(...values) : null,
    max: values.length > 0 ? Math.max(...values) : null,
    first_nan_step: null,
    description: ''
  });
  const run = demoRun({
    id: `run-${i}`,
    number: 400 + i,
    display_name: `vit-s16-pcam-${
      Object.entries(own)
        .map(([key, value]) => `${key}${value}`)
        .join('-') || 'lr3e-4'
    }`,
    status: failed ? 'Failed' : i === 1 ? 'Running' : 'Completed',
    parameters: { ...USUAL, ...own },
    tags: i % 2 ? { quality: 'great' } : {},
    metrics: failed ? [] : [metric('val_auc', auc), metric('val_loss', loss)],
    primary_metric: {
      name: 'val_auc',
      last: auc[79] ?? null,
      best: failed ? null : Math.max(...auc),
      best_step: 1,
      count: auc.length,
      spark: []
    },
    duration_ms: failed ? 161_000 : 7_400_000 + i * 60_000,
    host: i % 3 ? 'workstation' : 'node-b'
  });
  const series = failed
    ? []
    : [demoSeries('val_auc', auc, 60_000, 0), demoSeries('val_loss', loss, 60_000, 0)];
  return { run, series };
}

/** What each `?show=` shows. */
const SHOWS: Readonly<Record<string, Partial<ICompareContent>>> = {
  scatter: { plot: 'scatter', colour: 'param:mixup', x: 'param:lr', log: ['param:lr'] },
  across: { across: true },
  setting: { brushes: { 'metric:val_auc:best': { min: 0.955, max: 0.97 } }, log: ['param:lr'] }
};

/** `?view=compare&show=<what>`: a comparison over the whole window. */
export function CompareSheet(): React.JSX.Element {
  const show = new URLSearchParams(location.search).get('show') ?? 'six';
  const count = show === 'two-hundred' ? 200 : show === 'nothing' ? 0 : 6;
  const [tab, setTab] = useState<CompareTab>(show === 'curves' ? 'curves' : 'summary');
  const runs = useMemo(() => Array.from({ length: count }, (_, i) => made(i)), [count]);
  const source = useMemo(
    () =>
      new FakeRunSource({
        runs: runs.map(one => one.run),
        metrics: Object.fromEntries(runs.map(one => [one.run.id, one.series]))
      }),
    [runs]
  );
  const content = { ...EMPTY, ...SHOWS[show], runs: runs.map(one => one.run.id) };
  return (
    <div className="page">
      <ComparePage
        {...{ source, content, tab }}
        host={galleryHost()}
        view={null}
        workspace={null}
        onTab={setTab}
        onChange={() => undefined}
      />
    </div>
  );
}
