import { render, screen } from '@testing-library/react';
import React from 'react';
import { describe, expect, it } from 'vitest';
import { Imported } from '../Imported';

describe('where an imported run comes from', () => {
  it('is told with its tool, id, place and time', () => {
    const time = new Date(2026, 2, 1, 12, 30).getTime();
    const from = { tool: 'wandb', source: '/old/wandb', id: 'lab/a1b2', imported_ms: time };
    render(<Imported from={from} />);
    const terms = screen.getAllByRole('term').map(one => one.textContent);
    const values = screen.getAllByRole('definition').map(one => one.textContent);
    expect(terms).toEqual(['Tool', 'Id there', 'Source', 'Time']);
    expect(values.slice(0, 3)).toEqual(['Weights & Biases', 'lab/a1b2', '/old/wandb']);
    expect(values[3]).toContain('2026');
  });

  it('leaves out what an older import has not noted', () => {
    render(<Imported from={{ tool: 'other', source: '/runs', id: null, imported_ms: null }} />);
    expect(screen.getAllByRole('definition').map(one => one.textContent)).toEqual([
      'other',
      '/runs'
    ]);
  });
});
