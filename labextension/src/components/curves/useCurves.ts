import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { ICurvesView, IPackedCurves } from '../../model/children';
import { asSourceError } from '../../model/errors';
import type { IRunSource, ISourceError } from '../../model/source';
import { isSeen } from '../data/seen';
import { EVERY_MS } from '../data/useAskedAgain';
import { CurveLoader } from './loader';

/** Points of a curve: what 1,000 of them show on a small chart, and inside a range that was zoomed into. */
const POINTS = 40;
const ZOOM_POINTS = 200;

/** Curves of one metric, and the runs that its positions mean. */
export interface IFound {
  readonly ids: readonly string[];
  readonly packed: IPackedCurves;
}

export interface ICurvesState {
  /** By metric. */
  readonly found: ReadonlyMap<string, IFound>;
  readonly error: ISourceError | null;
  /** Wants the curves of a metric until what is answered is called. */
  readonly want: (name: string) => () => void;
  readonly again: () => void;
}

/**
 * Curves of the metrics of a run's children that charts want.
 *
 * @param live - whether they may grow
 * @param place - where they are shown; nothing is asked again while that cannot be seen
 */
export function useCurves(
  source: IRunSource,
  run: string,
  view: ICurvesView,
  live: boolean,
  place: RefObject<Element>
): ICurvesState {
  const [found, setFound] = useState<ReadonlyMap<string, IFound>>(new Map());
  const [error, setError] = useState<ISourceError | null>(null);
  const loader = useRef<CurveLoader | null>(null);
  const { axis, x_min, x_max } = view;
  const zoomed = x_min !== undefined || x_max !== undefined;
  const [made, setMade] = useState(0);
  useEffect(() => {
    const range = {
      ...(x_min === undefined ? {} : { x_min }),
      ...(x_max === undefined ? {} : { x_max })
    };
    const points = zoomed ? ZOOM_POINTS : POINTS;
    const one = new CurveLoader({
      ask: names => source.query('childCurves', { run, names, points, axis, ...range }),
      onAnswer: ({ ids, curves }) => {
        setError(null);
        setFound(
          old => new Map([...old, ...curves.map(c => [c.name, { ids, packed: c }] as const)])
        );
      },
      onError: reason => setError(asSourceError(reason))
    });
    loader.current = one;
    setMade(count => count + 1);
    return () => {
      one.dispose();
      loader.current = null;
    };
  }, [source, run, axis, x_min, x_max, zoomed]);
  // Along another axis the old places mean nothing; within a zoomed range they do until the finer ones have come.
  useEffect(() => setFound(new Map()), [source, run, axis]);
  useEffect(() => {
    if (!live) {
      return;
    }
    const look = (): void => {
      // A slow server first answers for the last charts before the first ask again.
      if (isSeen(place.current) && loader.current?.busy === false) {
        loader.current.refresh();
      }
    };
    const timer = setInterval(look, EVERY_MS);
    return () => {
      clearInterval(timer);
      // What came since the last look: nobody looks again.
      loader.current?.refresh();
    };
  }, [live, place]);
  const want = useCallback(
    (name: string) => loader.current?.want(name) ?? (() => undefined),
    // A new loader is told again what is wanted.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [made]
  );
  return { found, error, want, again: () => loader.current?.refresh() };
}
