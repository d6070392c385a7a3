import { describe, expect, it } from 'vitest';
import { bestOrder, lowerIsBetter } from '../direction';

describe('which way a metric is better', () => {
  it.each(['val_loss', 'err', 'test_wer', 'FID', 'step_time'])('%s: less', name => {
    expect(lowerIsBetter(name)).toBe(true);
    expect(bestOrder(name)).toBe(`metric:${name}`);
  });

  it.each(['val_auc', 'accuracy', 'f1'])('%s: more', name => {
    expect(bestOrder(name)).toBe(`-metric:${name}`);
  });
});
