/** GPUs as the strip of the machine shows them. All pure. */
import { formatDuration, formatSize, localDecimal } from '../../model/format';
import { trans } from '../../model/language';
import type { IGpu, IGpuProcess, IMachineInfo, INeeds } from '../../model/machine';

const GB = 1e9;
/** A notebook's kernel that has done nothing for so long is offered to be freed, seconds. */
const IDLE_S = 600;

/** Shares, 0..1, of a device by who holds them. */
export interface IParts {
  readonly runs: number;
  readonly notebooks: number;
  readonly others: number;
}

const share = (part: number, whole: number): number =>
  whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;

/** The memory of a GPU by who holds it. What nobody is known to hold is others'. */
export function gpuParts({ memory, memory_used, memory_total }: IGpu): IParts {
  const known = memory.runs + memory.notebooks + memory.others;
  const others = memory.others + Math.max(0, memory_used - known);
  return {
    runs: share(memory.runs, memory_total),
    notebooks: share(memory.notebooks, memory_total),
    others: share(others, memory_total)
  };
}

/** Two digits that matter: 2.8, 41. */
export const short = (n: number): string =>
  localDecimal(n.toFixed(n >= 99.5 || Number.isInteger(n) ? 0 : 1));

/** "18.2 / 24 GB". */
export function gpuAmount({ memory_used, memory_total }: IGpu): string {
  return `${short(memory_used / GB)} / ${Math.round(memory_total / GB)} GB`;
}

/** "GPU 1", or "GPU 1.2" for the second MIG instance of it. */
export function gpuName(gpu: IGpu, all: readonly IGpu[]): string {
  const same = all.filter(one => one.index === gpu.index);
  const part = gpu.mig && same.length > 1 ? `.${same.indexOf(gpu) + 1}` : '';
  return `GPU ${gpu.index}${part}`;
}

/** "2 × RTX 4090", "RTX 4090", "8 GPUs" when they differ; null without any. */
export function gpuModels(gpus: readonly IGpu[]): string | null {
  const plain = (name: string): string => name.replace(/^NVIDIA\s+|GeForce\s+/gi, '');
  const names = [...new Set(gpus.map(gpu => plain(gpu.name)))];
  if (names.length === 0) {
    return null;
  }
  if (names.length > 1) {
    return trans.__('%1 GPUs', gpus.length);
  }
  return gpus.length === 1 ? (names[0] ?? '') : `${gpus.length} × ${names[0] ?? ''}`;
}

/** The GPUs to show one by one, in their own order, and those that are only counted: the fullest come first. */
export function fullest(
  gpus: readonly IGpu[],
  most: number
): { shown: readonly IGpu[]; rest: readonly IGpu[] } {
  if (gpus.length <= most) {
    return { shown: gpus, rest: [] };
  }
  const order = [...gpus].sort((a, b) => urgency(b) - urgency(a));
  const chosen = new Set(order.slice(0, most));
  return {
    shown: gpus.filter(gpu => chosen.has(gpu)),
    rest: gpus.filter(gpu => !chosen.has(gpu))
  };
}

const urgency = (gpu: IGpu): number =>
  gpu.problem !== null ? 2 : share(gpu.memory_used, gpu.memory_total);

/** "4 more, 3 free": nobody holds anything of a free one. */
export function restText(rest: readonly IGpu[]): string {
  const free = rest.filter(gpu => gpu.holder === null && gpu.problem === null).length;
  return trans.__('%1 more, %2 free', rest.length, free);
}

/** File name of a notebook, without its folders. */
export const notebookName = (process: IGpuProcess): string =>
  process.notebook?.split('/').pop() ?? trans.__('a notebook');

/** A notebook's kernel that can be ended from here to give its GPU back. */
export interface IRemedy {
  readonly kernel: string;
  readonly notebook: string;
  readonly label: string;
}

function remedyOn(gpu: IGpu, all: readonly IGpu[]): { remedy: IRemedy; used: number } | null {
  const idle = gpu.processes.filter(
    one => one.kind === 'notebook' && one.here && one.mine && (one.idle_s ?? 0) >= IDLE_S
  );
  const [largest] = [...idle].sort((a, b) => (b.used ?? 0) - (a.used ?? 0));
  return largest?.kernel_id
    ? {
        remedy: {
          kernel: largest.kernel_id,
          notebook: notebookName(largest),
          label: trans.__('Free %1', gpuName(gpu, all))
        },
        used: largest.used ?? 0
      }
    : null;
}

/**
 * What a person can do so that a waiting run gets its GPU: end the idle notebook of theirs that holds most. Null where
 * it asks for no GPU or for more than there are, or nothing of theirs is idle.
 */
export function remedyFor(needs: INeeds | undefined, machine: IMachineInfo | null): IRemedy | null {
  if (!machine || !needs || needs.gpus === 0 || needs.gpus * needs.nodes > machine.gpus.length) {
    return null;
  }
  const found = machine.gpus.flatMap(gpu => remedyOn(gpu, machine.gpus) ?? []);
  return found.sort((a, b) => b.used - a.used)[0]?.remedy ?? null;
}

/** The question that freeing a GPU asks, and after it what follows. */
export const freeQuestion = (notebook: string): string =>
  trans.__('Restart the kernel of %1? Its variables are lost; its file is not touched.', notebook);

/** "Asks for 2 GPUs and 4 cores on each of 2 nodes." Null when nothing is said about it. */
export function needsSentence(needs: INeeds | undefined, text: string | undefined): string | null {
  if (!text) {
    return null;
  }
  const nodes = needs?.nodes ?? 1;
  return nodes > 1
    ? trans.__('Asks for %1 on each of %2 nodes.', text, nodes)
    : trans.__('Asks for %1.', text);
}

/** How long a process has been idle, and what it holds: "idle 3 h, 18.2 GB". */
export function processFacts(process: IGpuProcess): string {
  const idle = process.idle_s;
  return [
    idle === null || idle < 60 ? null : trans.__('idle %1', formatDuration(idle * 1000)),
    process.used === null ? null : formatSize(process.used)
  ]
    .filter(Boolean)
    .join(', ');
}
