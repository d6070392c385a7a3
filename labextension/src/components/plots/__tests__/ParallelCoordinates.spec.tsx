import { fireEvent, render, screen } from '@testing-library/react';
import React, { useState } from 'react';
import { describe, expect, it } from 'vitest';
import type { Brushes } from '../brush';
import { ParallelCoordinates } from '../ParallelCoordinates';

const ROWS = ['a', 'b', 'c'].map(id => ({ id, name: `run ${id}` }));
const COLUMNS = [
  { id: 'lr', label: 'lr', values: ['1e-4', '1e-3', '1e-2'] },
  { id: 'auc', label: 'auc', values: [0.9, 0.95, null] }
];

function Plot({ onOpen }: { readonly onOpen?: (id: string) => void }): React.JSX.Element {
  const [brushes, setBrushes] = useState<Brushes>({});
  const [focus, setFocus] = useState<string | null>(null);
  return (
    <ParallelCoordinates
      label="Parameters"
      rows={ROWS}
      columns={COLUMNS}
      {...{ brushes, focus, onOpen }}
      onBrushes={setBrushes}
      onFocus={setFocus}
    />
  );
}

/** jsdom's pointer events have no place. */
const pointer = (axis: Element, type: string, clientY: number): void => {
  fireEvent(axis, new MouseEvent(type, { bubbles: true, clientY }));
};
const lines = (): NodeListOf<Element> => document.querySelectorAll('.jp-ml-plot-lines > path');
const faded = (): string[] =>
  [...document.querySelectorAll('.jp-ml-plot-line.jp-mod-out')].map(line => line.textContent ?? '');

describe('ParallelCoordinates', () => {
  it('draws a line a row and says how many are in range', () => {
    render(<Plot />);
    expect(lines()).toHaveLength(3);
    expect(screen.getByRole('group', { name: 'Parameters: 3 of 3 in range, 2 axes' })).toBeTruthy();
  });

  it('keeps rows in a range that is set by keys, and Esc clears it', () => {
    render(<Plot />);
    const axis = screen.getByRole('slider', { name: 'Range of auc' });
    expect(axis.getAttribute('aria-valuetext')).toBe('no range');
    fireEvent.keyDown(axis, { key: 'ArrowUp' });
    expect(axis.getAttribute('aria-valuetext')).toMatch(/^0.9025 to 0.95/);
    expect(faded()).toEqual(['run a', 'run c']);
    fireEvent.keyDown(axis, { key: 'Escape' });
    expect(faded()).toEqual([]);
  });

  it('keeps rows in a range that is dragged', () => {
    render(<Plot />);
    const axis = screen.getByRole('slider', { name: 'Range of lr' });
    axis.getBoundingClientRect = () => new DOMRect(0, 0, 24, 100);
    pointer(axis, 'pointerdown', 100);
    pointer(axis, 'pointermove', 50);
    pointer(axis, 'pointerup', 50);
    expect(faded()).toEqual(['run c']);
    pointer(axis, 'pointerdown', 20);
    pointer(axis, 'pointerup', 20);
    expect(faded()).toEqual([]);
  });

  it('lets the line under the pointer stand out and opens its run', () => {
    const opened: string[] = [];
    render(<Plot onOpen={id => opened.push(id)} />);
    const line = lines()[1];
    fireEvent.pointerEnter(line as Element);
    expect(document.querySelectorAll('.jp-mod-focus')).toHaveLength(1);
    fireEvent.click(line as Element);
    expect(opened).toEqual(['b']);
  });
});
