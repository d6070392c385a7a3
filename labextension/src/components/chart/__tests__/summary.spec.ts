import { describe, expect, it } from 'vitest';
import { toLine } from '../lines';
import { betterOf, summarize } from '../summary';
import type { JsonNumber } from '../../../model/types';

const line = (values: readonly JsonNumber[]): ReturnType<typeof toLine> =>
  toLine(
    {
      name: 'm',
      kind: 'scalar',
      count: values.length,
      steps: values.map((_, i) => i * 1000),
      times_ms: values.map((_, i) => i),
      values,
      downsampled: false
    },
    'step'
  );

describe('summarize', () => {
  it('names the best by what the metric is', () => {
    const text = summarize('val_auc', line([0.5, 0.7, 0.9641, 0.9634]), 42);
    expect(text).toBe('val_auc, 42 points, last 0.9634, best 0.9641 at step 2,000, rising');
    expect(summarize('loss', line([3, 1, 2]), 3)).toContain('best 1 at step 1,000');
  });

  it('says both ends where the name does not tell', () => {
    expect(summarize('lr', line([1, 3, 2]), 3)).toContain('lowest 1 at step 0, highest 3');
  });

  it('counts what is not finite', () => {
    expect(summarize('loss', line([1, 'NaN', 'NaN']), 3)).toMatch(/2 not finite$/);
    expect(summarize('loss', line(['NaN']), 1)).toContain('no finite value');
  });

  it('knows which way is better', () => {
    expect(betterOf('train/loss')).toBe('lower');
    expect(betterOf('top1_accuracy')).toBe('higher');
    expect(betterOf('images_per_s')).toBeNull();
  });
});
