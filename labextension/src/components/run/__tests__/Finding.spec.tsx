import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { describe, expect, it } from 'vitest';
import type { IFinding } from '../../../model/finding';
import type { IRunDetail } from '../../../model/types';
import { demoRun } from '../../../sources/demo';
import { DEMO_CODE, DEMO_RESOURCES, demoFinding, demoUse } from '../../../sources/demoUse';
import { demoMachine, demoQueue } from '../../../sources/demoMachine';
import { FakeRunSource } from '../../../sources/fake';
import { testHost } from '../../sidebar/__tests__/host';
import { RunPage } from '../RunPage';

const OTHER = 'vit-s16-pcam-lr1e-4';
const LATER = { ...DEMO_CODE.after, 'train.py': 'print(1)\n', 'new.py': 'added\n' };

function show(change: Partial<IRunDetail>, first = 'overview') {
  const run = demoRun({ id: 'r', number: 409, ended_ms: Date.now(), ...change });
  const source = new FakeRunSource({
    runs: [run, demoRun({ id: OTHER, number: 408, created_ms: 1, ended_ms: 2 })],
    use: { r: demoUse(0, 20) },
    code: { r: DEMO_CODE.after, [OTHER]: DEMO_CODE.before, 'r now': LATER },
    machine: demoMachine(),
    queue: demoQueue([run])
  });
  const host = testHost();
  const places: string[] = [];
  function Page(): React.JSX.Element {
    const [tab, setTab] = useState(first);
    const go = (next: string): void => {
      places.push(next);
      setTab(next);
    };
    return (
      <RunPage {...{ source, host, tab }} runId="r" onTab={go} onOpenRun={id => host.openRun(id)} />
    );
  }
  render(<Page />);
  return { host, places, user: userEvent.setup() };
}

const finding = (change: Partial<IFinding> = {}): Partial<IRunDetail> => ({
  status: 'Failed',
  arguments: ['--batch-size', '128'],
  finding: { ...demoFinding(0), ...change }
});

describe('the finding', () => {
  it('is a sentence, numbers, where it broke, the evidence and what changed', async () => {
    show(finding());
    const part = await screen.findByRole('region', { name: 'Why it failed' });
    expect(within(part).getByRole('heading', { level: 2 }).textContent).toMatch(
      /^Ran out of GPU memory/
    );
    expect(part.textContent).toContain('PyTorch asked for 2.1 GB');
    expect(part.textContent).toContain('… 2 frames in torch');
    expect(within(part).getByRole('img', { name: /GPU memory at the end/ })).toBeTruthy();
    expect(within(part).getByRole('row', { name: 'batch_size 64 128' })).toBeTruthy();
    expect(within(part).getByRole('row', { name: 'Environment same' })).toBeTruthy();
  });

  it('leads to the line that broke, and to what changed in a file', async () => {
    const { user, places } = show(finding());
    await user.click(await screen.findByRole('button', { name: 'train.py:15' }));
    expect(places.pop()).toBe('code?file=train.py&line=15');
    expect((await screen.findByText('15')).parentElement?.getAttribute('aria-current')).toBe(
      'location'
    );
    await user.click(screen.getByRole('tab', { name: 'Overview' }));
    await user.click(await screen.findByRole('button', { name: 'train.py +4 −3' }));
    expect(places.pop()).toBe(`code?with=${OTHER}&file=train.py`);
    expect(await screen.findByRole('region', { name: 'Changes in train.py' })).toBeTruthy();
  });

  it('offers to try again with the parameter as it was', async () => {
    const { user, host } = show(finding());
    await user.click(await screen.findByRole('button', { name: 'Clone with batch_size 64' }));
    expect(host.insertCell.mock.calls[0]?.[0]).toContain('arguments=["--batch-size", "64"]');
  });

  it('offers the code of the advice first', async () => {
    const advice = [
      { text: 'Add opencv-python.', code: 'add("cv2")', package: 'opencv-python', source: null }
    ];
    const { user, host } = show(finding({ kind: 'missing_module', advice }));
    await user.click(await screen.findByRole('button', { name: 'Add opencv-python in a cell' }));
    expect(host.insertCell).toHaveBeenCalledWith('add("cv2")');
  });

  it('shows the end of the log where there is no traceback', async () => {
    show(finding({ frames: [], traceback: null, tail: ['one', 'Killed'], curve: null }));
    expect((await screen.findByLabelText('The last lines')).textContent).toBe('one\nKilled');
  });
});

describe('code', () => {
  it('is the script first; what differs from another run is counted', async () => {
    const { user } = show({}, 'code');
    expect(await screen.findByText('4 files')).toBeTruthy();
    expect(await screen.findByRole('region', { name: 'train.py' })).toBeTruthy();
    await user.selectOptions(screen.getByLabelText('Compare with'), OTHER);
    expect(await screen.findByText('2 of 4 files differ.')).toBeTruthy();
    expect(await screen.findByText('−3')).toBeTruthy();
  });

  it('is compared with the folder that it came from, which is the newer one', async () => {
    const { user } = show({ properties: { 'ml_jupyter.source': '/data/pcam' } }, 'code');
    const choice = await screen.findByLabelText('Compare with');
    await user.selectOptions(choice, 'its folder as it is now');
    expect(await screen.findByText('2 of 4 files differ.')).toBeTruthy();
    await user.click(await screen.findByText('new.py'));
    const changes = await screen.findByRole('region', { name: 'Changes in new.py' });
    expect(changes.textContent).toContain('added');
    expect((await screen.findAllByText('+1')).length).toBe(2);
  });

  it('of an unknown folder, or of a run that is not mine, is not compared with a folder', async () => {
    show({ properties: { 'ml_jupyter.source': '/data/pcam' }, can_write: false }, 'code');
    await screen.findByLabelText('Compare with');
    expect(screen.queryByRole('option', { name: 'its folder as it is now' })).toBeNull();
  });

  it('of a run made in a notebook is not there, and says so', async () => {
    show({ snapshot_id: null }, 'code');
    expect(await screen.findByText('No code was kept.')).toBeTruthy();
  });
});

describe('the system tab', () => {
  it('says in a sentence what was used, shows each course, and who is on the GPUs', async () => {
    const { user, host } = show({ resources: DEMO_RESOURCES }, 'system');
    expect(await screen.findByText(DEMO_RESOURCES.sentence)).toBeTruthy();
    expect(screen.getByRole('img', { name: /^GPU 1 memory: .* of 24 GB/ })).toBeTruthy();
    const table = screen.getByRole('table');
    expect(within(table).getByText('python of tom')).toBeTruthy();
    await user.click(within(table).getByRole('button', { name: 'Free GPU 0' }));
    expect(host.restartKernel).toHaveBeenCalledWith('k1');
  });
});

describe('a waiting run', () => {
  it('says why, its place, what it asks for against what is free, and what helps', async () => {
    const waiting = { status: 'Queued', started_ms: null, ended_ms: null } as const;
    const { user, host } = show({ ...waiting, reason: 'Needs 1 GPU; none of 2 is free.' });
    expect(await screen.findByText('Needs 1 GPU; none of 2 is free.')).toBeTruthy();
    expect(await screen.findByText('First in line. Asks for 1 GPU and 4 cores.')).toBeTruthy();
    expect(screen.getByRole('row', { name: 'GPUs 1 0 of 2' })).toBeTruthy();
    await user.click(await screen.findByRole('button', { name: 'Free GPU 0, held by eda.ipynb' }));
    expect(host.confirm).toHaveBeenCalled();
  });
});
