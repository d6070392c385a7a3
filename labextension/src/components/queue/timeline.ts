/** Who used which device when, as lanes and blocks. All pure. */
import { formatDuration } from '../../model/format';
import { trans } from '../../model/language';
import type { IGpu, IQueueHistory, IRanRun } from '../../model/machine';
import { stateLook } from '../../model/state';
import { gpuName } from '../machine/devices';

/** A run on a device: where it lies in the span, as shares of its width. */
export interface IBlock {
  readonly run: IRanRun;
  readonly from: number;
  readonly to: number;
  /** Where its waiting began; null when that was before the span, or it did not wait. */
  readonly waited: number | null;
}

/** A device, or the cores, with the runs on it in rows that do not overlap. */
export interface ILane {
  readonly key: string;
  readonly label: string;
  readonly rows: readonly (readonly IBlock[])[];
  /** Runs that would need further rows. */
  readonly more: number;
}

/** Rows of the cores' lane; runs without a GPU beyond them are counted. */
const MOST_ROWS = 8;
/** A wait shorter than this share of the span is not drawn. */
const LEAST_WAIT = 0.002;

function block(run: IRanRun, { from_ms, to_ms }: IQueueHistory): IBlock {
  const place = (time: number): number =>
    Math.min(1, Math.max(0, (time - from_ms) / (to_ms - from_ms)));
  const from = place(run.started_ms);
  const asked = place(run.created_ms);
  return {
    run,
    from,
    to: place(run.ended_ms ?? to_ms),
    waited: from - asked > LEAST_WAIT ? asked : null
  };
}

/** Blocks in as few rows as they need: each goes into the first one that is free when it begins. */
function inRows(
  blocks: readonly IBlock[],
  most: number
): { rows: readonly (readonly IBlock[])[]; more: number } {
  const rows: IBlock[][] = [];
  let more = 0;
  for (const one of blocks) {
    const free = rows.find(row => (row[row.length - 1]?.to ?? 0) <= one.from);
    if (free) {
      free.push(one);
    } else if (rows.length < most) {
      rows.push([one]);
    } else {
      more += 1;
    }
  }
  return { rows, more };
}

/** A lane for each GPU, those of the machine first, and one for runs that had cores only. */
export function lanesOf(history: IQueueHistory, gpus: readonly IGpu[]): readonly ILane[] {
  const blocks = history.runs.map(run => block(run, history));
  const gone = new Set(blocks.flatMap(one => one.run.gpus));
  gpus.forEach(gpu => gone.delete(gpu.uuid));
  const devices = [
    ...gpus.map(gpu => ({ key: gpu.uuid, label: gpuName(gpu, gpus) })),
    ...[...gone].map(uuid => ({ key: uuid, label: trans.__('Former GPU') }))
  ];
  const lanes = devices.map(device => ({
    ...device,
    ...inRows(
      blocks.filter(one => one.run.gpus.includes(device.key)),
      MOST_ROWS
    )
  }));
  const cores = inRows(
    blocks.filter(one => one.run.gpus.length === 0),
    MOST_ROWS
  );
  return [...lanes, { key: 'cores', label: trans.__('Cores'), ...cores }];
}

/** "vit-412, Completed, 12 min on 4 cores, waited 3 min". */
export function blockText({ run }: IBlock, now: number): string {
  const took = formatDuration((run.ended_ms ?? now) - run.started_ms);
  const cores = trans._n('%1 core', '%1 cores', run.cpus);
  return [
    run.display_name,
    stateLook(run.status).word,
    trans.__('%1 on %2', took, cores),
    run.waited_ms < 1000 ? null : trans.__('waited %1', formatDuration(run.waited_ms))
  ]
    .filter(Boolean)
    .join(', ');
}

/** Share, 0..1, of the span in which runs had a GPU, over all of them; null without GPUs. */
export function gpuShare(lanes: readonly ILane[]): number | null {
  const devices = lanes.filter(lane => lane.key !== 'cores');
  const taken = devices.map(lane => covered(lane.rows.flat()));
  return devices.length === 0 ? null : taken.reduce((sum, one) => sum + one, 0) / devices.length;
}

/** How much of 0..1 these cover together. */
function covered(blocks: readonly IBlock[]): number {
  let end = 0;
  let sum = 0;
  for (const { from, to } of [...blocks].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(end, from));
    end = Math.max(end, to);
  }
  return sum;
}

/** The wait in the middle of all, ms; null when nothing ran. */
export function middleWait(runs: readonly IRanRun[]): number | null {
  const waits = runs.map(run => run.waited_ms).sort((a, b) => a - b);
  return waits[Math.floor((waits.length - 1) / 2)] ?? null;
}

/** Round times of day within a stretch, about as many as there is room for. */
export function clockTimes(from: number, to: number, most: number): readonly number[] {
  const minute = 60_000;
  const steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map(n => n * minute);
  const step = steps.find(one => (to - from) / one <= most) ?? 1440 * minute;
  const zone = new Date(to).getTimezoneOffset() * minute;
  const first = Math.ceil((from - zone) / step) * step + zone;
  const count = Math.floor((to - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => first + i * step);
}
