import { act, render, screen } from '@testing-library/react';
import React, { useRef } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EVERY_MS, useAskedAgain } from '../useAskedAgain';

function View({ ask }: { readonly ask: () => Promise<string> }): React.JSX.Element {
  const place = useRef<HTMLParagraphElement>(null);
  const { value, error } = useAskedAgain(ask, 'key', () => true, place);
  return <p ref={place}>{error?.message ?? value ?? 'nothing yet'}</p>;
}

/** jsdom lays nothing out: whether elements can be seen is said here. */
const seen = (visible: boolean): void => {
  HTMLElement.prototype.checkVisibility = () => visible;
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 9, 9));
};
const pass = (ms: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });

describe('asking again', () => {
  afterEach(() => {
    vi.useRealTimers();
    Reflect.deleteProperty(HTMLElement.prototype, 'checkVisibility');
  });

  it('rests while the view is behind another tab, and goes on when it is back', async () => {
    vi.useFakeTimers();
    seen(true);
    const ask = vi.fn().mockResolvedValueOnce('one').mockResolvedValue('two');
    render(<View ask={ask} />);
    await pass(0);
    expect(screen.getByText('one')).toBeTruthy();
    seen(false);
    await pass(5 * EVERY_MS);
    expect(ask).toHaveBeenCalledTimes(1);
    seen(true);
    await pass(EVERY_MS);
    expect(screen.getByText('two')).toBeTruthy();
  });

  it('does not wait for a layout with the first answer', async () => {
    vi.useFakeTimers();
    seen(false);
    const ask = vi.fn().mockResolvedValue('one');
    render(<View ask={ask} />);
    await pass(0);
    expect(screen.getByText('one')).toBeTruthy();
  });

  it('says an error and asks again after it', async () => {
    vi.useFakeTimers();
    const ask = vi.fn().mockRejectedValueOnce(new Error('gone')).mockResolvedValue('back');
    render(<View ask={ask} />);
    await pass(0);
    expect(screen.getByText(/gone/)).toBeTruthy();
    await pass(EVERY_MS);
    expect(screen.getByText('back')).toBeTruthy();
  });
});
