import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// What jsdom lacks and our libraries ask for as they load. It has no canvas either, and complains in words at each
// question; what is drawn is looked at in a browser.
HTMLCanvasElement.prototype.getContext = () => null;
globalThis.DragEvent ??= class extends MouseEvent {} as typeof DragEvent;
globalThis.matchMedia ??= (media: string) =>
  Object.assign(new EventTarget(), {
    media,
    matches: false,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined
  });

afterEach(() => cleanup());

// A busy machine takes longer than a second to draw.
configure({ asyncUtilTimeout: 5000 });
