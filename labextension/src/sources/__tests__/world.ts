import { demoRun, demoSeries } from '../demo';
import { FakeRunSource } from '../fake';
import type { IRunSnapshot } from '../../model/types';
import { LOG, LOG_TEXT, LOSSES, RUN } from './contract';

const run = demoRun({ id: RUN, display_name: 'digits', status: 'Completed', ended_ms: 2000 });
const children = ['c1', 'c2'].map(id => demoRun({ id, parent_id: RUN, root_id: RUN }));
const loss = demoSeries('loss', LOSSES, 3, 0);

/** The contract's world in memory. */
export function contractWorld(): FakeRunSource {
  return new FakeRunSource({
    runs: [run, ...children],
    metrics: { [RUN]: [loss] },
    files: { [RUN]: { [LOG]: LOG_TEXT } }
  });
}

/** The same world as a notebook keeps it. */
export function contractSnapshot(): IRunSnapshot {
  return {
    schema: 1,
    workspace_id: 'ws',
    workspace_name: 'demo',
    run_id: RUN,
    saved_ms: 5000,
    run,
    metrics: { series: [loss] },
    log_tail: LOG_TEXT,
    children
  };
}
