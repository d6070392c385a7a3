/** What a sweep and its trials are called. All pure. */
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { isEnded, stateLook } from '../../model/state';
import type { ISweep, ITrial } from '../../model/trials';

/** "Random", "Grid", "Bayesian". */
export function samplingWord(sampling: string): string {
  switch (sampling) {
    case 'RANDOM':
      return trans.__('Random');
    case 'GRID':
      return trans.__('Grid');
    case 'BayesianOptimization':
      return trans.__('Bayesian');
    default:
      return sampling;
  }
}

/** "Maximize val_auc". */
export const goalWord = ({ goal, metric }: ISweep): string =>
  goal === 'maximize' ? trans.__('Maximize %1', metric) : trans.__('Minimize %1', metric);

function policyName(kind: unknown): string {
  switch (kind) {
    case 'Bandit':
      return trans.__('Bandit');
    case 'MedianStopping':
      return trans.__('Median stopping');
    case 'TruncationSelection':
      return trans.__('Truncation selection');
    default:
      return String(kind);
  }
}

/** "Bandit, slack 0.1, from value 5 on": when trials are stopped early. */
export function policyWord({ policy }: ISweep): string {
  if (!policy) {
    return trans.__('None');
  }
  const { slack_factor: factor, slack_amount: amount, truncation_percentage: part } = policy;
  const { evaluation_interval: every, delay_evaluation: delay } = policy;
  const slack = factor ?? amount;
  return [
    policyName(policy.kind),
    typeof slack === 'number' ? trans.__('slack %1', slack) : '',
    typeof part === 'number' ? trans.__('the worst %1%', part) : '',
    typeof every === 'number' && every > 1 ? trans.__('every %1 values', every) : '',
    typeof delay === 'number' && delay > 0 ? trans.__('from value %1 on', delay) : ''
  ]
    .filter(Boolean)
    .join(', ');
}

/** The state of a trial: one that its policy ended says so. */
export const trialWord = (trial: ITrial): string =>
  trial.stopped_early ? trans.__('Stopped early') : stateLook(trial.status).word;

/** "37 of 60, 4 running, 2 failed, 5 stopped early". */
export function countsText(sweep: ISweep, trials: readonly ITrial[]): string {
  const ended = trials.filter(trial => isEnded(trial.status)).length;
  const failed = trials.filter(trial => trial.status === 'Failed').length;
  const stopped = trials.filter(trial => trial.stopped_early).length;
  const live = trials.length - ended;
  return [
    sweep.limit === null
      ? formatCount(ended)
      : trans.__('%1 of %2', formatCount(ended), formatCount(sweep.limit)),
    live > 0 ? trans.__('%1 under way', formatCount(live)) : '',
    failed > 0 ? trans.__('%1 failed', formatCount(failed)) : '',
    stopped > 0 ? trans.__('%1 stopped early', formatCount(stopped)) : ''
  ]
    .filter(Boolean)
    .join(', ');
}
