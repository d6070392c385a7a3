import { trans } from './language';
import type { IRunSnapshot } from './types';

export const RUN_MIME_TYPE = 'application/vnd.ml-jupyter.run+json';
/** What is written is at most 256 KiB; far more than that is not ours. */
const LARGEST_CHARS = 1024 * 1024;

/** A sentence that says why an output cannot be drawn. */
export interface IUnreadable {
  readonly unreadable: string;
}

type Loose = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasShape(data: Loose): boolean {
  const { run, metrics } = data;
  return (
    typeof data.run_id === 'string' &&
    typeof data.workspace_id === 'string' &&
    typeof data.saved_ms === 'number' &&
    typeof data.log_tail === 'string' &&
    Array.isArray(data.children) &&
    isObject(metrics) &&
    Array.isArray(metrics.series) &&
    isObject(run) &&
    typeof run.id === 'string' &&
    typeof run.display_name === 'string' &&
    typeof run.status === 'string' &&
    Array.isArray(run.metrics) &&
    Array.isArray(run.log_files) &&
    Array.isArray(run.warnings) &&
    isObject(run.tags) &&
    isObject(run.children)
  );
}

/** Data of a notebook's output, which anybody may have written, as a snapshot, or why it is none. */
export function readSnapshot(data: unknown): IRunSnapshot | IUnreadable {
  if (!isObject(data)) {
    return { unreadable: trans.__('This output holds no run.') };
  }
  if (data.schema !== 1) {
    return {
      unreadable: trans.__(
        'This run was saved by a newer version of ml_jupyter. Update it to see the run.'
      )
    };
  }
  if (JSON.stringify(data).length > LARGEST_CHARS) {
    return { unreadable: trans.__('This output is too large to be a saved run.') };
  }
  if (!hasShape(data)) {
    return {
      unreadable: trans.__('This saved run is incomplete. Run the cell again to draw it anew.')
    };
  }
  return data as unknown as IRunSnapshot;
}
