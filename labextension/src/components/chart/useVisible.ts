import { useEffect, useState, type RefObject } from 'react';

/** How far outside the view a chart is already drawn, in px. */
const MARGIN_PX = 300;

/** Whether an element is in or near the view: a page of a thousand charts draws only those. */
export function useVisible(ref: RefObject<HTMLElement>): boolean {
  const known = typeof IntersectionObserver !== 'undefined';
  const [visible, setVisible] = useState(!known);
  useEffect(() => {
    const element = ref.current;
    if (!element || !known) {
      return;
    }
    const observer = new IntersectionObserver(
      entries => setVisible(entries.some(entry => entry.isIntersecting)),
      { rootMargin: `${MARGIN_PX}px` }
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, known]);
  return visible;
}
