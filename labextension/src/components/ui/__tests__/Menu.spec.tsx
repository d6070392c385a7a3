import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import { Menu, nextEntry, type MenuEntry } from '../Menu';
import { sparkPath } from '../Sparkline';

const at = { x: 10, y: 10 };

describe('a menu', () => {
  it('is moved through by arrows, past lines and what cannot be chosen', async () => {
    const [first, last, onClose] = [vi.fn(), vi.fn(), vi.fn()];
    const entries: MenuEntry[] = [
      { label: 'First', run: first },
      'separator',
      { label: 'Off', disabled: true, run: vi.fn() },
      { label: 'Last', run: last }
    ];
    render(<Menu at={at} label="Things" entries={entries} onClose={onClose} />);
    expect(document.activeElement).toBe(screen.getByRole('menu'));
    await userEvent.setup().keyboard('{ArrowDown}{Enter}');
    expect(last).toHaveBeenCalledTimes(1);
    expect(first).not.toHaveBeenCalled();
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(nextEntry(entries, 3, 1)).toBe(0);
    expect(nextEntry(['separator'], 0, 1)).toBe(-1);
  });

  it('closes at a press outside, not at one inside', () => {
    const onClose = vi.fn();
    render(
      <Menu at={at} label="Things" entries={[{ label: 'A', run: vi.fn() }]} onClose={onClose} />
    );
    fireEvent.pointerDown(screen.getByText('A'));
    expect(onClose).not.toHaveBeenCalled();
    fireEvent.pointerDown(document.body);
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});

describe('a sparkline', () => {
  it('leaves a gap where a value is not finite, and is none with one value', () => {
    const line = sparkPath([0, 1, 'NaN', 1, 0], 12, 12);
    expect(line?.path.match(/M/g)).toHaveLength(2);
    expect(line?.end).toEqual([10, 10]);
    expect(sparkPath([1, 'NaN'], 12, 12)).toBeNull();
  });
});
