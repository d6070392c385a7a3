import { afterEach, describe, expect, it, vi } from 'vitest';
import { onTheme, themed } from '../theme';

afterEach(() => {
  delete document.body.dataset['jpThemeLight'];
});

describe('the theme of a TensorBoard', () => {
  it.each([
    ['/tb/1/', true, '/tb/1/?darkMode=true'],
    ['/tb/1/?darkMode=true', false, '/tb/1/?darkMode=false'],
    ['/tb/1/?a=b#scalars', true, '/tb/1/?a=b&darkMode=true#scalars'],
    ['/tb/1/?darkMode=false&a=b#scalars', true, '/tb/1/?a=b&darkMode=true#scalars']
  ])('of %s, dark: %s, is in its address', (url, dark, found) => {
    expect(themed(url, dark)).toBe(found);
  });

  it('is told when it changes, until it is not asked for', async () => {
    const heard = vi.fn();
    const end = onTheme(heard);
    document.body.dataset['jpThemeLight'] = 'false';
    await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith(true));
    document.body.dataset['jpThemeLight'] = 'true';
    await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith(false));
    end();
    document.body.dataset['jpThemeLight'] = 'false';
    await Promise.resolve();
    expect(heard).toHaveBeenCalledTimes(2);
  });
});
