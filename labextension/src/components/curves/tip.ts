/** What is written beside the pointer in a chart of many curves. */

/** Room between the pointer and the text, px. */
const BESIDE_PX = 14;
const HALF = 0.5;

/** Run, value and place. */
export type PointText = readonly [string, string, string];

/** Writes what is pointed at beside the pointer, without a render; null takes it away. */
export function tell(
  tip: HTMLElement | null,
  text: PointText | null,
  left: number,
  top: number
): void {
  if (!tip) {
    return;
  }
  tip.hidden = text === null;
  if (text === null) {
    return;
  }
  const plot = tip.parentElement?.querySelector<HTMLElement>('.u-over');
  const [x, y] = [(plot?.offsetLeft ?? 0) + left, (plot?.offsetTop ?? 0) + top];
  const behind = left > (plot?.clientWidth ?? 0) * HALF;
  tip.style.left = behind ? '' : `${x + BESIDE_PX}px`;
  tip.style.right = behind ? `${(tip.parentElement?.clientWidth ?? 0) - x + BESIDE_PX}px` : '';
  tip.style.top = `${y + BESIDE_PX}px`;
  text.forEach((part, i) => {
    const place = tip.children[i];
    if (place) {
      place.textContent = part;
    }
  });
}
