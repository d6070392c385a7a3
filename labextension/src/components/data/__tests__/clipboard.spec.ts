import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toClipboard } from '../clipboard';

const written = vi.fn();
/** The page itself copies something else on every copy. */
const other = vi.fn((event: Event) => event.stopPropagation());

/** What a browser does at the old command: an event that says what is copied. */
function obey(allowed: boolean): void {
  const execCommand = (): boolean => {
    const event = new Event('copy', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: allowed ? { setData: written } : null });
    document.body.dispatchEvent(event);
    return allowed;
  };
  Object.assign(document, { execCommand });
}

describe('the clipboard', () => {
  beforeEach(() => document.body.addEventListener('copy', other));
  afterEach(() => {
    document.body.removeEventListener('copy', other);
    Reflect.deleteProperty(document, 'execCommand');
    vi.unstubAllGlobals();
    written.mockReset();
    other.mockClear();
  });

  it('is written where the browser offers it', async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    expect(await toClipboard('a')).toBe(true);
    expect(writeText).toHaveBeenCalledWith('a');
  });

  it.each([
    ['without TLS', {}],
    ['that refuses', { clipboard: { writeText: async () => Promise.reject(new Error('no')) } }]
  ])('is written by the old command on a page %s', async (_, browser) => {
    vi.stubGlobal('navigator', browser);
    obey(true);
    expect(await toClipboard('a')).toBe(true);
    expect(written).toHaveBeenCalledWith('text/plain', 'a');
    expect(other).not.toHaveBeenCalled();
  });

  it('says when it cannot be written', async () => {
    vi.stubGlobal('navigator', {});
    expect(await toClipboard('a')).toBe(false);
    obey(false);
    expect(await toClipboard('a')).toBe(false);
    document.body.dispatchEvent(new Event('copy', { bubbles: true }));
    expect(other).toHaveBeenCalledTimes(1);
  });
});
