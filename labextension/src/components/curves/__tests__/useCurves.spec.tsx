import { act, render } from '@testing-library/react';
import React, { useEffect, useRef } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demoRun, demoSeries } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { EVERY_MS } from '../../data/useAskedAgain';
import { CurveLoader } from '../loader';
import { useCurves } from '../useCurves';

const pass = (ms = 10): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });

interface IViewProps {
  readonly source: FakeRunSource;
  readonly live: boolean;
  readonly names?: readonly string[];
}

const LOSS = ['loss'];

function View({ source, live, names = LOSS }: IViewProps) {
  const place = useRef<HTMLParagraphElement>(null);
  const { found, want } = useCurves(source, 'r', { axis: 'step' }, live, place);
  useEffect(() => names.forEach(want), [want, names]);
  return <p ref={place}>{[...(found.get('loss')?.packed.y ?? [])].join(' ')}</p>;
}

describe('curves that end', () => {
  afterEach(() => vi.useRealTimers());

  it('have their last points, which came after the last look', async () => {
    vi.useFakeTimers();
    const source = new FakeRunSource({
      runs: [demoRun({ id: 'r' }), demoRun({ id: 'c', parent_id: 'r' })],
      metrics: { c: [demoSeries('loss', [3, 2], 1, 0)] }
    });
    const { container, rerender } = render(<View source={source} live />);
    await pass();
    expect(container.textContent).toBe('3 2');
    source.appendMetric('c', 'loss', 9, 1);
    rerender(<View source={source} live={false} />);
    await pass();
    expect(container.textContent).toBe('3 2 1');
  });

  it('come for the last chart before the first are asked for again, however slow', async () => {
    vi.useFakeTimers();
    const names = Array.from({ length: 13 }, (_, i) => `m${i}`);
    const asked: string[] = [];
    const source = new FakeRunSource({ runs: [demoRun({ id: 'r' })] });
    const answer = source.query.bind(source);
    vi.spyOn(source, 'query').mockImplementation(async (...question) => {
      asked.push(...(question[1] as { names: string[] }).names);
      await new Promise(resolve => setTimeout(resolve, 1.5 * EVERY_MS));
      return answer(...question);
    });
    render(<View source={source} live names={names} />);
    await pass(3 * EVERY_MS);
    expect(asked.slice(0, 13)).toEqual(names);
    await pass(3 * EVERY_MS);
    expect(asked.slice(13, 26)).toEqual(names);
  });

  it('are asked for again when that is wanted while an answer is on its way', async () => {
    vi.useFakeTimers();
    const answers: (() => void)[] = [];
    const ask = vi.fn(
      () =>
        new Promise<{ ids: []; curves: [] }>(resolve => {
          answers.push(() => resolve({ ids: [], curves: [] }));
        })
    );
    const loader = new CurveLoader({ ask, onAnswer: vi.fn(), onError: vi.fn() });
    loader.want('loss');
    await pass();
    loader.refresh();
    await pass();
    expect(ask).toHaveBeenCalledTimes(1);
    answers[0]?.();
    await pass();
    expect(ask).toHaveBeenCalledTimes(2);
    answers[1]?.();
    await pass();
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
