/** When to try again: 1 s, 2 s, 4 s … up to 30 s, each a little different so that pages do not come all at once. */
export const FIRST_DELAY_MS = 1000;
export const LONGEST_DELAY_MS = 30_000;
const JITTER = 0.2;

/**
 * @param failures - tries that have failed since the connection was lost, from 0
 * @param random - in [0, 1)
 * @returns time to wait before the next try, in ms
 */
export function retryDelay(failures: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return Math.round(delay * (1 - JITTER * random));
}
