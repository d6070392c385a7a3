import React from 'react';
import { formatCount, formatDuration, formatTook, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import { durationOf, isEnded } from '../../model/state';
import { bestOf, parameterValue, type ISweep, type ITrial } from '../../model/trials';
import { StateIcon } from '../ui/StateIcon';
import { trialWord } from './words';

/** What a column is sorted by; null comes last either way. */
export type SortValue = number | string | null;

export interface ITrialColumn {
  /** Key of the sort order. */
  readonly id: string;
  readonly title: string;
  readonly right?: boolean;
  readonly value: (trial: ITrial, now: number) => SortValue;
  readonly cell: (trial: ITrial, now: number) => React.ReactNode;
}

/** Key of the column of the sweep's metric. */
export const METRIC = 'metric';

function Name(props: {
  readonly trial: ITrial;
  readonly onOpen?: (id: string) => void;
}): React.JSX.Element {
  const { trial, onOpen } = props;
  return (
    <span className="jp-ml-row">
      <StateIcon status={trial.status} progress={null} />
      {onOpen ? (
        <button
          type="button"
          className="jp-ml-btn jp-ml-btn-link jp-ml-cut"
          onClick={() => onOpen(trial.run_id)}
        >
          {trial.display_name}
        </button>
      ) : (
        <span className="jp-ml-cut">{trial.display_name}</span>
      )}
    </span>
  );
}

const PARAMETER_DIGITS = 6;

/** A parameter as it was given, not as a measurement: 0.0538, not 0.05380. */
const shown = (value: ReturnType<typeof parameterValue>): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(PARAMETER_DIGITS))).replace('-', '−')
    : value === null
      ? ''
      : String(value);

const parameterColumns = (sweep: ISweep): readonly ITrialColumn[] =>
  sweep.parameters.map(({ name }) => ({
    id: `parameter:${name}`,
    title: name,
    right: true,
    value: trial => {
      const value = parameterValue(trial, name);
      return typeof value === 'boolean' ? String(value) : value;
    },
    cell: trial => shown(parameterValue(trial, name))
  }));

/** Number and name, state, parameters, the metric's best value and where it was, duration. */
export function trialColumns(
  sweep: ISweep,
  onOpen?: (id: string) => void
): readonly ITrialColumn[] {
  return [
    {
      id: 'trial',
      title: trans.__('Trial'),
      value: trial => trial.trial,
      cell: trial => <Name trial={trial} onOpen={onOpen} />
    },
    {
      id: 'state',
      title: trans.__('State'),
      value: trialWord,
      cell: trial => <span title={trial.reason ?? undefined}>{trialWord(trial)}</span>
    },
    {
      id: METRIC,
      title: trans.__('best %1', sweep.metric),
      right: true,
      value: bestOf,
      cell: trial =>
        trial.best === null ? (
          <span className="jp-ml-dim">
            {trial.ended_ms === null ? trans.__('Not yet') : trans.__('Not reached')}
          </span>
        ) : (
          formatMetric(trial.best)
        )
    },
    {
      id: 'step',
      title: trans.__('at step'),
      right: true,
      value: trial => trial.best_step,
      cell: trial => (trial.best_step === null ? '' : formatCount(trial.best_step))
    },
    ...parameterColumns(sweep),
    {
      id: 'duration',
      title: trans.__('Duration'),
      right: true,
      value: durationOf,
      cell: (trial, now) => {
        const took = durationOf(trial, now);
        return took === null ? '' : isEnded(trial.status) ? formatTook(took) : formatDuration(took);
      }
    }
  ];
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(one: SortValue, other: SortValue): number {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : collator.compare(String(one), String(other));
}

/** Trials in the order of a key, `-` before it for the greatest first; those without a value last. */
export function sorted(
  trials: readonly ITrial[],
  columns: readonly ITrialColumn[],
  sort: string,
  now: number
): readonly ITrial[] {
  const down = sort.startsWith('-');
  const column = columns.find(({ id }) => id === (down ? sort.slice(1) : sort));
  if (!column) {
    return trials;
  }
  return trials
    .map(trial => ({ trial, value: column.value(trial, now) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) {
        return Number(a.value === null) - Number(b.value === null) || a.trial.trial - b.trial.trial;
      }
      const order = compare(a.value, b.value);
      return (down ? -order : order) || a.trial.trial - b.trial.trial;
    })
    .map(({ trial }) => trial);
}
