import { useEffect } from 'react';
import type { ILogLayout } from './layout';
import type { LogStore } from './store';
import type { IView } from './useScroll';

/** Distance from an end of the window from which the next part is loaded, in px. */
const NEAR_PX = 1200;

/** Loads the part of the file before or behind the window when the view comes near to it. */
export function useNextPart(
  store: LogStore,
  layout: ILogLayout,
  view: IView,
  follow: boolean
): void {
  // Asked after each render: a part that has come may not have been enough. The store takes one question at a time.
  useEffect(() => {
    if (view.top < NEAR_PX && !store.complete && !follow && store.error === null) {
      void store.loadEarlier();
    } else if (layout.height - view.top - view.height < NEAR_PX && !store.attached) {
      void store.loadLater();
    }
  });
}
