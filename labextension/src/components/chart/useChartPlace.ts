import { useEffect, useMemo, useRef, useState } from 'react';
import type { IRange } from './lines';
import { placedSettings, rangeText, readRange, settingsPlace, type ChartPlace } from './place';
import { useChartSettings, type IChartSettings } from './settings';

/** A slider is dragged through many values; the link is written once it rests, ms. */
const REST_MS = 400;

export interface IChartPlaceState {
  readonly settings: IChartSettings;
  readonly change: (part: Partial<IChartSettings>) => void;
  readonly zoom: IRange | null;
  readonly setZoom: (zoom: IRange | null) => void;
}

/**
 * Settings and zoom of a view's charts: kept for the experiment, and in the link.
 *
 * @param name - under which the settings are kept; absent: they are not
 * @param at - what the link says when the view is opened
 * @param onAt - told what the link has to say; absent: there is none
 */
export function useChartPlace(
  name: string | undefined,
  at: ChartPlace = {},
  onAt?: (change: ChartPlace) => void
): IChartPlaceState {
  const [stored, store] = useChartSettings(name);
  const [first] = useState(at);
  const [touched, setTouched] = useState(false);
  const settings = useMemo(
    () => (touched ? stored : placedSettings(stored, first)),
    [stored, first, touched]
  );
  const [zoom, setZoom] = useState<IRange | null>(() => readRange(at.x));
  const tell = useRef(onAt);
  tell.current = onAt;
  const mounted = useRef(false);
  useEffect(() => {
    if (!mounted.current) {
      mounted.current = true;
      return;
    }
    const timer = setTimeout(() => {
      const x = zoom === null ? undefined : rangeText(zoom);
      tell.current?.({ x, ...(touched ? settingsPlace(settings) : {}) });
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [zoom, settings, touched]);
  return {
    settings,
    change: part => {
      store({ ...settings, ...part });
      setTouched(true);
      if (part.axis && part.axis !== settings.axis) {
        setZoom(null);
      }
    },
    zoom,
    setZoom
  };
}
