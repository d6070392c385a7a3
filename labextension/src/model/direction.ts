/** Which way a metric is better. */

/** The same words as the server's, which finds the best value of a run by them. */
const LOWER_IS_BETTER = /loss|err|rmse|mae|mse|perplexity|wer|cer|fid|time|latency/i;

/** Whether the name of a metric says that less is better: a loss, an error, a time. */
export const lowerIsBetter = (metric: string): boolean => LOWER_IS_BETTER.test(metric);

/** The order of runs, as a source takes it, that begins with the best value of a metric. */
export const bestOrder = (metric: string): string =>
  `${lowerIsBetter(metric) ? '' : '-'}metric:${metric}`;
