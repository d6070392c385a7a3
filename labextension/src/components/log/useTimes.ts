import { useCallback, useEffect, useRef, useState } from 'react';
import type { ILogTime } from '../../model/logs';
import type { IRunSource } from '../../model/source';
import type { LogStore } from './store';

/** How long after the window has changed its times are asked for, ms. */
const CALM_MS = 300;

const two = (n: number): string => String(n).padStart(2, '0');

/** "15:24:16", local. */
export function clockText(ms: number): string {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The last of the times at or before a line; null when there is none. */
export function timeAt(times: readonly ILogTime[], line: number): number | null {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle]?.line ?? Infinity) <= line) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return times[low - 1]?.time_ms ?? null;
}

/**
 * When lines of the window were printed, as text; absent while times are not wanted.
 *
 * @param on - whether they are wanted
 */
export function useTimes(
  source: IRunSource,
  run: string,
  path: string,
  store: LogStore | null,
  on: boolean
): ((line: number | null) => string) | undefined {
  const [times, setTimes] = useState<readonly ILogTime[]>([]);
  const start = store?.buffer.start ?? 0;
  const end = store?.buffer.end ?? 0;
  const asked = useRef('');
  useEffect(() => {
    const key = `${run} ${path} ${start} ${end}`;
    if (!on || end === start || asked.current === key) {
      return;
    }
    const timer = setTimeout(() => {
      asked.current = key;
      source.query('logTimes', { run, path, offset: start, length: end - start }).then(
        answer => setTimes(answer),
        () => setTimes([])
      );
    }, CALM_MS);
    return () => clearTimeout(timer);
  }, [source, run, path, start, end, on]);
  const timeOf = useCallback(
    (line: number | null) => {
      const time = line === null ? null : timeAt(times, line);
      return time === null ? '' : clockText(time);
    },
    [times]
  );
  return on ? timeOf : undefined;
}
