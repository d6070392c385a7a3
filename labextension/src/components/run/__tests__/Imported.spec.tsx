import { render, screen } from '@testing-library/react';
import React from 'react';
import { describe, expect, it } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { testHost } from '../../sidebar/__tests__/host';
import { RunPage } from '../RunPage';

const IMPORTED = {
  tool: 'wandb',
  source: '/old/wandb',
  id: 'lab/a1b2',
  imported_ms: new Date(2025, 2, 1, 12, 30).getTime()
};

function show(tab: string, imported: typeof IMPORTED | null): void {
  const source = new FakeRunSource({
    runs: [demoRun({ id: 'r', status: 'Completed', imported })]
  });
  const go = (): void => undefined;
  render(<RunPage {...{ source, tab }} host={testHost()} runId="r" onTab={go} onOpenRun={go} />);
}

describe('where an imported run comes from', () => {
  it('is said on its first page: tool, time, id and source', async () => {
    show('overview', IMPORTED);
    const said = await screen.findByText(/^Imported from/);
    expect(said.textContent).toMatch(
      /^Imported from Weights & Biases, .*2025.*\. Its id there: lab\/a1b2\. Source: \/old\/wandb\.$/
    );
  });

  it('leaves out what an older import has not noted', async () => {
    const old = { ...IMPORTED, tool: 'other', id: null, imported_ms: null };
    show('overview', old as unknown as typeof IMPORTED);
    const said = await screen.findByText(/^Imported from/);
    expect(said.textContent).toBe('Imported from other. Source: /old/wandb.');
  });

  it('stands among the details', async () => {
    show('details', IMPORTED);
    const part = await screen.findByRole('region', { name: 'Imported' });
    expect(part.textContent).toContain('Id therelab/a1b2');
  });

  it('is not said of a run that was made here', async () => {
    show('overview', null);
    await screen.findAllByText('Completed');
    expect(screen.queryByText(/^Imported from/)).toBeNull();
  });
});
