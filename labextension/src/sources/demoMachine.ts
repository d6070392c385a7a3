/** The demonstration machine: two GPUs, one held by an idle notebook, and who waits for what. */
import type { IGpu, IGpuProcess, IMachineInfo, INeeds, IQueueInfo } from '../model/machine';
import type { IRunDetail } from '../model/types';

const GB = 1e9;

/** A process on a GPU; what matters to a test is given. */
export function demoProcess(change: Partial<IGpuProcess>): IGpuProcess {
  return {
    gpu: 'GPU-0',
    gpu_index: 0,
    pid: 4121,
    kind: 'user',
    name: 'python',
    user: 'mara',
    mine: true,
    used: GB,
    idle_s: null,
    started_ms: null,
    run_id: null,
    workspace_id: null,
    run_name: null,
    kernel_id: null,
    notebook: null,
    here: false,
    sentence: 'Process python of mara',
    ...change
  };
}

/** A GPU of 24 GB that nobody holds; what matters to a test is given. */
export function demoGpu(index: number, change: Partial<IGpu> = {}): IGpu {
  return {
    index,
    uuid: `GPU-${index}`,
    name: 'NVIDIA GeForce RTX 4090',
    memory_total: 24 * GB,
    memory_used: 0,
    utilization: 0,
    temperature: 41,
    power: 24,
    power_limit: 450,
    problem: null,
    mig: false,
    memory: { runs: 0, notebooks: 0, others: 0 },
    holder: null,
    processes: [],
    ...change
  };
}

const NOTEBOOK = demoProcess({
  kind: 'notebook',
  notebook: 'work/eda.ipynb',
  kernel_id: 'k1',
  here: true,
  used: 18.2 * GB,
  idle_s: 3 * 3600,
  sentence: 'Notebook eda.ipynb, idle 3 h'
});

const RUN = demoProcess({
  gpu: 'GPU-1',
  gpu_index: 1,
  pid: 5120,
  kind: 'run',
  run_id: 'mixup',
  workspace_id: 'ws',
  run_name: 'vit-s16-pcam-lr3e-4-mixup',
  used: 21.4 * GB,
  idle_s: 0,
  sentence: 'Run 412'
});

const OTHER = demoProcess({
  gpu: 'GPU-1',
  gpu_index: 1,
  pid: 991,
  user: 'tom',
  mine: false,
  used: 0.7 * GB,
  sentence: 'Process python of tom'
});

export function demoMachine(): IMachineInfo {
  return {
    cpu_count: 16,
    cpu_used: 9.4,
    memory_total: 128 * GB,
    memory_used: 41 * GB,
    gpus: [
      demoGpu(0, {
        memory_used: 18.2 * GB,
        memory: { runs: 0, notebooks: 18.2 * GB, others: 0 },
        holder: 'Notebook eda.ipynb, idle 3 h',
        processes: [NOTEBOOK]
      }),
      demoGpu(1, {
        memory_used: 22.1 * GB,
        utilization: 97,
        temperature: 71,
        power: 390,
        memory: { runs: 21.4 * GB, notebooks: 0, others: 0.7 * GB },
        holder: 'Run 412, others 0.7 GB',
        processes: [RUN, OTHER]
      })
    ],
    gpu_note: null,
    cpu_holders: [
      {
        run_id: 'mixup',
        workspace_id: 'ws',
        name: 'vit-s16-pcam-lr3e-4-mixup',
        slots: 8,
        sentence: 'Run 412: 8 cores'
      }
    ]
  };
}

const needs = (gpus: number, cpus: number): INeeds => ({
  cpus,
  memory: 0,
  gpus,
  gpu_memory: 0,
  nodes: 1,
  pool: null
});

const WANTS: readonly (readonly [INeeds, string])[] = [
  [needs(1, 4), '1 GPU and 4 cores'],
  [needs(0, 8), '8 cores'],
  [needs(4, 8), '4 GPUs and 8 cores']
];

/** The queue in which these runs wait, in this order. */
export function demoQueue(waiting: readonly IRunDetail[]): IQueueInfo {
  return {
    slots: { total: 16, free: 4 },
    resources: {
      cpus: { total: 16, free: 4 },
      memory: { total: 128 * GB, free: 96 * GB },
      gpus: { total: 2, free: 0 }
    },
    entries: waiting.map((run, i) => ({
      run_id: run.id,
      position: i + 1,
      reason: run.reason ?? '',
      priority: 0,
      number: run.number,
      display_name: run.display_name,
      created_ms: run.created_ms,
      held: false,
      needs: WANTS[i]?.[0],
      needs_text: WANTS[i]?.[1]
    })),
    ends_with_server: false
  };
}
