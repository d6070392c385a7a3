/** The order in which the keyboard goes through curves, and what a chart of them says aloud. All pure. */
import { formatCount, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import { lastValues, type ICurves } from './unpack';

/** Curves by their last value, highest first; those without one at the end. */
export function ranked(curves: ICurves): readonly number[] {
  const last = lastValues(curves);
  return last
    .map((_, curve) => curve)
    .sort((a, b) => {
      const [one, other] = [last[a] ?? NaN, last[b] ?? NaN];
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other)) || other - one;
    });
}

/** "loss, 1,000 runs, last values 0.012 to 1.4". */
export function summaryOf(curves: ICurves): string {
  const last = lastValues(curves).filter(value => !Number.isNaN(value));
  const runs = trans._n('%2 run', '%2 runs', curves.runs.length, formatCount(curves.runs.length));
  if (last.length === 0) {
    return trans.__('%1, %2, no value', curves.name, runs);
  }
  const low = last.reduce((a, b) => Math.min(a, b));
  const high = last.reduce((a, b) => Math.max(a, b));
  return trans.__(
    '%1, %2, last values %3 to %4',
    curves.name,
    runs,
    formatMetric(low),
    formatMetric(high)
  );
}
