import { useMemo, useRef } from 'react';
import type { IChildren } from '../../model/children';
import { colours } from '../chart/overlay/lines';
import type { IPalette } from '../chart/palette';
import type { IShownRun } from './CurveChart';
import type { IRunColour } from './ColourMeaning';
import { colouring, type IColouring } from './colouring';
import { resolve } from './resolve';

export interface IRunColours {
  readonly colouring: IColouring | null;
  /** With colours as CSS takes them. */
  readonly named: readonly IRunColour[];
  /** With colours as a canvas takes them; empty until the page's colours are known. */
  readonly runs: readonly IShownRun[];
}

const NONE: IRunColours = { colouring: null, named: [], runs: [] };

/** The runs with their colours; one that stays keeps its own. The palette says when the page's colours change. */
export function useRunColours(
  children: IChildren | null,
  by: string | undefined,
  place: React.RefObject<HTMLElement>,
  palette: IPalette | null
): IRunColours {
  const painted = useRef<ReadonlyMap<string, number>>(new Map());
  return useMemo(() => {
    if (!children) {
      return NONE;
    }
    painted.current = colours(
      children.runs.map(run => run.id),
      painted.current
    );
    const found = colouring(children, by, painted.current);
    const named = children.runs.map((run, i) => ({
      id: run.id,
      label: `${run.name} ${run.number}`,
      colour: found.colours[i] ?? '',
      dashed: found.dashed[i] ?? false
    }));
    const inks = palette && place.current ? resolve(place.current, found.colours) : [];
    const runs = palette ? named.map((run, i) => ({ ...run, colour: inks[i] ?? palette.ink })) : [];
    return { colouring: found, named, runs };
  }, [children, by, place, palette]);
}
