/** What a chart says to somebody who does not see it. */
import { formatCount, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { ILine } from './lines';

const LOWER = /loss|error|perplexity|(^|[_./-])(mae|mse|rmse|nll|ppl|wer|cer|fid)($|[_./-])/i;
const HIGHER =
  /acc|auc|f1|precision|recall|score|iou|(^|[_./-])(map|bleu|rouge|r2|psnr)($|[_./-])/i;
/** A course of less than this share of the whole range is called level. */
const LEVEL = 0.03;

/** Whether less or more of a metric is better, judged by its name; null where the name does not tell. */
export function betterOf(name: string): 'lower' | 'higher' | null {
  return LOWER.test(name) ? 'lower' : HIGHER.test(name) ? 'higher' : null;
}

interface IPoint {
  readonly step: number;
  readonly value: number;
}

function points(line: ILine): IPoint[] {
  return line.y.flatMap((value, i) =>
    value === null ? [] : [{ step: line.steps[i] ?? i, value }]
  );
}

const mean = (of: readonly IPoint[]): number => of.reduce((sum, p) => sum + p.value, 0) / of.length;

/** Where the last third of the curve goes against its first half. */
function course(of: readonly IPoint[], low: number, high: number): string {
  if (of.length < 4 || high === low) {
    return trans.__('level');
  }
  const tail = of.slice(-Math.max(4, Math.ceil(of.length / 3)));
  const half = Math.floor(tail.length / 2);
  const change = (mean(tail.slice(half)) - mean(tail.slice(0, half))) / (high - low);
  return Math.abs(change) < LEVEL
    ? trans.__('level')
    : change > 0
      ? trans.__('rising')
      : trans.__('falling');
}

function extremes(name: string, of: readonly IPoint[], low: IPoint, high: IPoint): string {
  const say = (p: IPoint): string =>
    trans.__('%1 at step %2', formatMetric(p.value), formatCount(p.step));
  const better = betterOf(name);
  if (better) {
    return trans.__('best %1', say(better === 'lower' ? low : high));
  }
  return of.length > 1 ? trans.__('lowest %1, highest %2', say(low), say(high)) : '';
}

/**
 * One sentence about a curve: "val_auc, 42 points, last 0.9634, best 0.9641 at step 38,000, rising".
 *
 * @param count - points logged, of which the line may hold fewer
 */
export function summarize(name: string, line: ILine, count: number): string {
  const found = points(line);
  const nans = line.marks.length;
  const lost = nans > 0 ? `, ${trans.__('%1 not finite', formatCount(nans))}` : '';
  const [first] = found;
  const last = found[found.length - 1];
  if (!first || !last) {
    return `${trans.__('%1, %2 points, no finite value', name, formatCount(count))}${lost}`;
  }
  const low = found.reduce((a, b) => (b.value < a.value ? b : a), first);
  const high = found.reduce((a, b) => (b.value > a.value ? b : a), first);
  const parts = [
    name,
    trans._n('%2 point', '%2 points', count, formatCount(count)),
    trans.__('last %1', formatMetric(last.value)),
    extremes(name, found, low, high),
    course(found, low.value, high.value)
  ];
  return parts.filter(Boolean).join(', ') + lost;
}
