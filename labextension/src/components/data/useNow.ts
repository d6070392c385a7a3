import { useEffect, useState } from 'react';

/**
 * The time now, in ms since the epoch, re-rendered every `every` ms; null stops the clock (nothing shown changes
 * with time).
 */
export function useNow(every: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (every === null) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
