import { describe, expect, it, vi } from 'vitest';
import type { IChildCurves, IChildren, IPackedCurves } from '../../../model/children';
import { choices, colouring } from '../colouring';
import { CurveLoader } from '../loader';
import { lineAlpha, paintCurves } from '../paint';
import { project, Strokes } from '../project';
import { ranked, summaryOf } from '../rank';
import { rangesOf } from '../ranges';
import { unpack, valueRange, type ICurves } from '../unpack';

const packed = (change: Partial<IPackedCurves> = {}): IPackedCurves => ({
  name: 'loss',
  runs: [0, 2],
  counts: [2, 2],
  from: 100,
  shared: true,
  x: Float32Array.from([0, 1]),
  y: Float32Array.from([1, 2, 3, NaN]),
  ...change
});
const curves = (lines: readonly (readonly number[])[], shown = lines.map((_, i) => i)): ICurves =>
  unpack(
    packed({
      runs: lines.map((_, i) => i),
      counts: lines.map(line => line.length),
      from: 0,
      shared: false,
      x: Float32Array.from(lines.flatMap(line => line.map((_, i) => i))),
      y: Float32Array.from(lines.flat())
    }),
    at => shown[at] ?? -1
  );
const AREA = {
  width: 100,
  height: 100,
  x: { min: 0, max: 10 },
  y: { min: 0, max: 10 },
  logY: false
};

describe('packed curves', () => {
  it('share their places', () => {
    const { runs, starts, x, y } = unpack(packed(), at => at + 5);
    expect([runs, [...starts], [...x], [...y]]).toEqual([
      [5, 7],
      [0, 2, 4],
      [100, 101, 100, 101],
      [1, 2, 3, NaN]
    ]);
  });

  it('leave out runs that are not shown', () => {
    const own = packed({ shared: false, x: Float32Array.from([0, 1, 5, 6]) });
    const { runs, starts, x, y } = unpack(own, at => (at === 2 ? 0 : -1));
    expect([runs, [...starts], [...x], [...y]]).toEqual([[0], [0, 2], [105, 106], [3, NaN]]);
  });
});

describe('ranges', () => {
  it('show what lies in the range of x, without gaps and infinities', () => {
    const line = curves([[5, 1, Infinity, NaN, 9]]);
    const every = { positive: false, ignoreOutliers: false };
    expect(valueRange(line, 0, 4, every)).toEqual({ min: 1, max: 9 });
    expect(valueRange(line, 0, 2, every)).toEqual({ min: 1, max: 5 });
    expect(valueRange(line, 7, 9, every)).toBeNull();
    expect(rangesOf(line, { min: 0, max: 1 }, { logY: false, ignoreOutliers: false })).toEqual({
      x: { min: 0, max: 1 },
      y: { min: 0.76, max: 5.24 }
    });
  });

  it('are wide enough for one point, and have a default for none', () => {
    const none = curves([]);
    expect(rangesOf(none, null, { logY: true, ignoreOutliers: false })).toEqual({
      x: { min: 0, max: 1 },
      y: { min: 0.1, max: 10 }
    });
    expect(rangesOf(curves([[3]]), null, { logY: false, ignoreOutliers: false }).x).toEqual({
      min: -0.5,
      max: 0.5
    });
  });

  it('leave out the outermost values when asked to', () => {
    const line = curves([[...Array.from({ length: 99 }, (_, i) => i), 1e6]]);
    const found = valueRange(line, 0, 99, { positive: false, ignoreOutliers: true });
    expect(found).toEqual({ min: 2, max: 97 });
  });
});

describe('finding curves', () => {
  const strokes = new Strokes(
    project(curves([[0, 1, 2, 3, 4], [8, 8, NaN, 8, 8], [5]]), AREA),
    AREA.width
  );

  it('takes the nearest within reach, and its next point', () => {
    expect(strokes.nearest(14, 84, 6)).toEqual({ curve: 0, point: 1 });
    expect(strokes.nearest(9, 21, 6)).toEqual({ curve: 1, point: 6 });
    expect(strokes.nearest(50, 50, 6)).toBeNull();
  });

  it('does not look through a gap, but sees a lone point', () => {
    expect(strokes.nearest(20, 20, 6)).toBeNull();
    expect(strokes.nearest(2, 52, 6)).toEqual({ curve: 2, point: 10 });
  });

  it('selects what a box touches, even where no point lies in it', () => {
    const box = (left: number, top: number, width: number, height: number): number[] => [
      ...strokes.within({ left, top, width, height })
    ];
    expect(box(13, 80, 4, 15)).toEqual([0]);
    expect(box(0, 0, 100, 100).sort()).toEqual([0, 1, 2]);
    expect(box(60, 40, 20, 20)).toEqual([]);
  });
});

describe('painting', () => {
  it('draws what is not chosen first, and each curve in its colour', () => {
    const drawn: string[] = [];
    const context = {
      beginPath: () => undefined,
      moveTo: () => undefined,
      lineTo: () => undefined,
      setLineDash: () => undefined,
      stroke(this: { strokeStyle: string; globalAlpha: number }) {
        drawn.push(`${this.strokeStyle} ${this.globalAlpha}`);
      }
    };
    paintCurves(
      context as unknown as CanvasRenderingContext2D,
      project(
        curves([
          [1, 2],
          [3, 4]
        ]),
        AREA
      ),
      { colours: ['red', 'blue'], dashed: [false, true], chosen: [true, false] }
    );
    expect(drawn).toEqual(['blue 0.07', 'red 1']);
  });

  it('is fainter where there are more lines', () => {
    expect([20, 21, 101].map(lineAlpha)).toEqual([1, 0.75, 0.45]);
  });
});

describe('the order of the keyboard', () => {
  it('goes from the highest last value down', () => {
    const of = curves([[1, 5], [9, 2], [NaN], [3]]);
    expect(ranked(of)).toEqual([0, 3, 1, 2]);
    expect(summaryOf(of)).toBe('loss, 4 runs, last values 2 to 5');
  });
});

describe('colours', () => {
  const children = (count: number, change: Partial<IChildren> = {}): IChildren => ({
    runs: Array.from({ length: count }, (_, i) => ({
      id: `r${i}`,
      number: i,
      name: `run ${i}`,
      status: 'Completed' as const
    })),
    total: count,
    metrics: ['loss'],
    primary: 'loss',
    best: Array.from({ length: count }, (_, i) => i + 1),
    settings: {},
    ...change
  });

  it('are each run’s own up to twenty, and stay when others go', () => {
    const painted = new Map([
      ['r0', 1],
      ['r1', 12]
    ]);
    const found = colouring(children(2), undefined, painted);
    expect(found.colours).toEqual(['var(--mlj-series-1)', 'var(--mlj-series-2)']);
    expect(found.dashed).toEqual([false, true]);
    expect(found.meaning).toEqual({ kind: 'runs' });
  });

  it('say the primary metric’s best where there are more', () => {
    const found = colouring(children(21), undefined, new Map());
    expect(found.by).toBe('best');
    expect(found.meaning).toMatchObject({
      kind: 'scale',
      label: 'best loss',
      low: '1',
      high: '21'
    });
    expect(new Set(found.colours).size).toBe(21);
  });

  it('tell categories by name, with the colours of the curves', () => {
    const settings = { optimizer: ['sgd', 'adam', null] };
    const found = colouring(children(3, { settings }), 'setting:optimizer', new Map());
    expect(found.colours[2]).toBe('var(--mlj-text-2)');
    expect(found.meaning).toEqual({
      kind: 'names',
      label: 'optimizer',
      names: [
        { name: 'adam', colour: found.colours[1] },
        { name: 'sgd', colour: found.colours[0] }
      ],
      more: 0
    });
  });

  it('fall back where what was chosen is not there', () => {
    const none = children(30, { primary: null, best: Array.from({ length: 30 }, () => null) });
    expect(choices(none)).toEqual([{ by: 'none', label: 'Nothing' }]);
    expect(colouring(none, 'setting:gone', new Map()).by).toBe('none');
  });
});

describe('the loader', () => {
  it('asks once for what charts want together, a few at a time', async () => {
    vi.useFakeTimers();
    const asked: string[][] = [];
    const answers: (() => void)[] = [];
    const known: string[] = [];
    const loader = new CurveLoader({
      ask: names => {
        asked.push([...names]);
        return new Promise<IChildCurves>(done =>
          answers.push(() => done({ ids: [], curves: names.map(name => packed({ name })) }))
        );
      },
      onAnswer: ({ curves: found }) => known.push(...found.map(one => one.name)),
      onError: () => undefined
    });
    const names = Array.from({ length: 15 }, (_, i) => `m${i}`);
    names.forEach(name => loader.want(name));
    loader.want('m0');
    vi.runAllTimers();
    expect(asked).toEqual([names.slice(0, 6), names.slice(6, 12)]);
    vi.useRealTimers();
    answers[0]?.();
    await vi.waitFor(() => expect(asked[2]).toEqual(names.slice(12)));
    expect(known).toEqual(names.slice(0, 6));
  });

  it('tells an error, and asks again only when told to', async () => {
    const ask = vi.fn().mockRejectedValue(new Error('gone'));
    const onError = vi.fn();
    const loader = new CurveLoader({ ask, onError, onAnswer: () => undefined });
    const release = loader.want('loss');
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    loader.refresh();
    await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(2));
    release();
    loader.dispose();
  });
});
