/** State of a run as people see it: word, shape and colour family, and the order in which runs are listed. */
import { trans } from './language';
import type { IRunSummary, RunStatus } from './types';

/** Shape and colour of a state's icon; the name of a CSS token `--mlj-state-<family>`. */
export type StateFamily =
  | 'queued'
  | 'preparing'
  | 'running'
  | 'finalizing'
  | 'stopping'
  | 'completed'
  | 'failed'
  | 'canceled'
  | 'lost';

export interface IStateLook {
  readonly word: string;
  readonly family: StateFamily;
  /** Nothing more will happen. */
  readonly ended: boolean;
}

/** A look whose word is said in the language spoken when it is asked for. */
interface ILook extends Omit<IStateLook, 'word'> {
  readonly word: () => string;
}

const QUEUED: ILook = { word: () => trans.__('Queued'), family: 'queued', ended: false };
const PREPARING: ILook = { word: () => trans.__('Preparing'), family: 'preparing', ended: false };

const LOOKS: Readonly<Record<RunStatus, ILook>> = {
  NotStarted: QUEUED,
  Queued: QUEUED,
  Preparing: PREPARING,
  Provisioning: PREPARING,
  Starting: PREPARING,
  Running: { word: () => trans.__('Running'), family: 'running', ended: false },
  Finalizing: { word: () => trans.__('Finalizing'), family: 'finalizing', ended: false },
  CancelRequested: { word: () => trans.__('Stopping'), family: 'stopping', ended: false },
  Completed: { word: () => trans.__('Completed'), family: 'completed', ended: true },
  Failed: { word: () => trans.__('Failed'), family: 'failed', ended: true },
  Canceled: { word: () => trans.__('Canceled'), family: 'canceled', ended: true },
  NotResponding: { word: () => trans.__('Not responding'), family: 'lost', ended: false }
};

/** A status this version does not know is shown under its own name, as a run that is not over. */
export function stateLook(status: RunStatus): IStateLook {
  const look = LOOKS[status];
  return look ? { ...look, word: look.word() } : { word: status, family: 'queued', ended: false };
}

/** Every status, in the order of a run's life. */
export const ALL_STATUSES = Object.keys(LOOKS) as readonly RunStatus[];
export const ENDED_STATUSES = ALL_STATUSES.filter(s => LOOKS[s].ended);
export const WAITING_STATUSES: readonly RunStatus[] = ['NotStarted', 'Queued'];
export const ALIVE_STATUSES = ALL_STATUSES.filter(
  s => !LOOKS[s].ended && !WAITING_STATUSES.includes(s)
);

export const isEnded = (status: RunStatus): boolean => LOOKS[status]?.ended ?? false;

/** Whether Stop makes sense: the run is not over and was not asked to stop already. */
export function isStoppable(run: Pick<IRunSummary, 'status' | 'can_write'>): boolean {
  return run.can_write && !isEnded(run.status) && run.status !== 'CancelRequested';
}

/** Whether the run came from a submitted script or command, so that it can be submitted again. */
export function isSubmitted(run: Pick<IRunSummary, 'type'>): boolean {
  return run.type !== 'azureml.interactiverun';
}

/** Share of the work that is done, 0..1, or null where nothing says it. */
export function progressOf(run: Pick<IRunSummary, 'progress'>): number | null {
  if (!run.progress || !(run.progress.total > 0)) {
    return null;
  }
  return Math.min(1, Math.max(0, run.progress.step / run.progress.total));
}

/** Time left by the pace so far, in ms; null before 1 % and when there is no pace to go by. */
export function timeLeft(
  run: Pick<IRunSummary, 'progress' | 'started_ms' | 'status'>,
  now: number
): number | null {
  const done = progressOf(run);
  if (run.status !== 'Running' || done === null || done < 0.01 || run.started_ms === null) {
    return null;
  }
  return ((now - run.started_ms) * (1 - done)) / done;
}

/** How long the run took or has been running, in ms; null before its start. */
export function durationOf(
  run: Pick<IRunSummary, 'started_ms' | 'ended_ms'>,
  now: number
): number | null {
  return run.started_ms === null ? null : Math.max(0, (run.ended_ms ?? now) - run.started_ms);
}

/** Azure ML's names for a run on this machine: a submitted one, and one made in a notebook. */
const HERE: readonly string[] = ['local', 'sdk'];

/** Name of the compute target, or null when that is this machine. */
export function remoteTarget(run: Pick<IRunSummary, 'target'>): string | null {
  return HERE.includes(run.target) ? null : run.target;
}
