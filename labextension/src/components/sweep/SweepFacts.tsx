import React from 'react';
import { formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { ISweep, ITrial } from '../../model/trials';
import { countsText, goalWord, policyWord, samplingWord } from './words';

interface ISweepFactsProps {
  readonly sweep: ISweep;
  readonly trials: readonly ITrial[];
  readonly best: ITrial | null;
  readonly onOpen?: (id: string) => void;
}

function Fact(props: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** What a sweep looks for, how, how far it is, and the best so far. */
export function SweepFacts({ sweep, trials, best, onOpen }: ISweepFactsProps): React.JSX.Element {
  return (
    <dl className="jp-ml-sweep-facts">
      <Fact name={goalWord(sweep)}>
        <span className="jp-ml-strong">{best ? formatMetric(best.best) : trans.__('Not yet')}</span>
        {best && (
          <>
            {' '}
            {onOpen ? (
              <button
                type="button"
                className="jp-ml-btn jp-ml-btn-link"
                onClick={() => onOpen(best.run_id)}
              >
                {best.display_name}
              </button>
            ) : (
              best.display_name
            )}
          </>
        )}
      </Fact>
      <Fact name={trans.__('Trials')}>{countsText(sweep, trials)}</Fact>
      <Fact name={trans.__('Sampling')}>{samplingWord(sweep.sampling)}</Fact>
      <Fact name={trans.__('Early termination')}>{policyWord(sweep)}</Fact>
      {sweep.concurrent !== null && <Fact name={trans.__('At a time')}>{sweep.concurrent}</Fact>}
    </dl>
  );
}
