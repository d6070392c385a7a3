import { vi, type Mock } from 'vitest';
import type { ISidebarHost } from '../host';

type Mocked = { [K in keyof Required<ISidebarHost>]: Mock };

/** A host that agrees to everything and remembers what it was asked. */
export function testHost(): ISidebarHost & Mocked {
  return {
    confirm: vi.fn(() => Promise.resolve(true)),
    prompt: vi.fn(() => Promise.resolve('quality=great')),
    notify: vi.fn(),
    offerUndo: vi.fn(),
    openRun: vi.fn(),
    compareRuns: vi.fn(),
    pinRun: vi.fn(),
    insertCell: vi.fn(),
    openPath: vi.fn(),
    openPage: vi.fn(),
    openModel: vi.fn(),
    openQueue: vi.fn(),
    restartKernel: vi.fn(() => Promise.resolve())
  };
}
