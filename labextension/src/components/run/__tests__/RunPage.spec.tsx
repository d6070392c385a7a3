import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { IViewHost } from '../../../model/host';
import type { IRunDetail } from '../../../model/types';
import { demoRun, demoSeries } from '../../../sources/demo';
import { FakeRunSource, type IFakeWorld } from '../../../sources/fake';
import { RunPage } from '../RunPage';

const LOG = 'user_logs/std_log.txt';

function host(): { [K in keyof Required<IViewHost>]: ReturnType<typeof vi.fn> } {
  return {
    confirm: vi.fn().mockResolvedValue(true),
    insertCell: vi.fn(),
    notify: vi.fn(),
    openRun: vi.fn(),
    compareRuns: vi.fn(),
    openModel: vi.fn(),
    openPath: vi.fn(),
    openQueue: vi.fn(),
    restartKernel: vi.fn().mockResolvedValue(undefined)
  };
}

function Page(props: {
  source: FakeRunSource;
  host?: ReturnType<typeof host>;
  tab?: string;
  onStop?: (id: string) => void;
  onOpenRun?: (id: string) => void;
}): React.JSX.Element {
  const [tab, setTab] = useState(props.tab ?? 'overview');
  const { source, onStop, onOpenRun = () => undefined } = props;
  return (
    <RunPage
      {...{ source, tab, onStop, onOpenRun }}
      runId="r"
      onTab={setTab}
      host={props.host ?? host()}
    />
  );
}

const world = (change: Partial<IRunDetail> = {}, more: IFakeWorld = {}): FakeRunSource =>
  new FakeRunSource({
    ...more,
    runs: [
      demoRun({ id: 'r', number: 412, display_name: 'digits-sgd', status: 'Running', ...change }),
      ...(more.runs ?? [])
    ]
  });

describe('the head', () => {
  it('says name, number and state, and the state aloud', async () => {
    render(<Page source={world({ progress: { step: 5, total: 10 } })} />);
    expect(await screen.findByRole('heading', { name: 'digits-sgd' })).toBeTruthy();
    expect(screen.getByText('step 5 of 10')).toBeTruthy();
    expect(screen.getAllByRole('status').some(e => e.textContent === 'Running')).toBe(true);
  });

  it('adds and removes tags', async () => {
    const user = userEvent.setup();
    const source = world({ tags: { paper: null } });
    render(<Page source={source} />);
    await user.click(await screen.findByRole('button', { name: 'Add tag' }));
    await user.type(screen.getByRole('textbox', { name: 'New tag' }), 'fold=2{Enter}');
    expect(await screen.findByText('fold: 2')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove paper' }));
    await waitFor(() => expect(screen.queryByText('paper')).toBeNull());
    expect(source.commands.map(c => c.args)).toEqual([
      { run: 'r', tags: { fold: '2' } },
      { run: 'r', remove_tags: ['paper'] }
    ]);
  });

  it('shows three of many tags, and all when asked', async () => {
    const user = userEvent.setup();
    const tags = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`tag${n}`, null]));
    render(<Page source={world({ tags })} />);
    expect(await screen.findByText('tag2')).toBeTruthy();
    expect(screen.queryByText('tag3')).toBeNull();
    await user.click(screen.getByRole('button', { name: '6 more' }));
    expect(screen.getByText('tag8')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show fewer' }));
    expect(screen.queryByText('tag8')).toBeNull();
  });

  it('keeps no tag on Esc', async () => {
    const user = userEvent.setup();
    const source = world();
    render(<Page source={source} />);
    await user.click(await screen.findByRole('button', { name: 'Add tag' }));
    await user.type(screen.getByRole('textbox', { name: 'New tag' }), 'x{Escape}');
    expect(screen.queryByRole('textbox', { name: 'New tag' })).toBeNull();
    expect(source.commands).toEqual([]);
  });

  it('stops after asking once', async () => {
    const user = userEvent.setup();
    const source = world();
    const asked = host();
    render(<Page source={source} host={asked} />);
    await user.click(await screen.findByRole('button', { name: 'Stop' }));
    expect(asked.confirm).toHaveBeenCalledOnce();
    expect(await screen.findByText('Stopping', { selector: 'dl *' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
    expect(source.commands).toEqual([{ name: 'cancel', args: { run: 'r' } }]);
  });

  it('leaves stopping to a host that does it', async () => {
    const onStop = vi.fn();
    const source = world();
    render(<Page source={source} onStop={onStop} />);
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Stop' }));
    expect(onStop).toHaveBeenCalledWith('r');
    expect(source.commands).toEqual([]);
  });

  it('clones into a cell', async () => {
    const asked = host();
    render(<Page source={world()} host={asked} />);
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Clone into a cell' }));
    expect(asked.insertCell.mock.calls[0]?.[0]).toContain('script="train.py"');
  });

  it('offers nothing that somebody who may only look cannot do', async () => {
    render(<Page source={world({ can_write: false })} />);
    expect(await screen.findByText(/Only mara may stop it/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Add tag' })).toBeNull();
  });
});

describe('tabs', () => {
  it('go by mouse and by arrows, with one tab stop', async () => {
    const user = userEvent.setup();
    render(<Page source={world({}, { files: { r: { [LOG]: 'hello\n' } } })} />);
    const log = await screen.findByRole('tab', { name: 'Log' });
    await user.click(log);
    expect(log.getAttribute('aria-selected')).toBe('true');
    expect(await screen.findByText('hello')).toBeTruthy();
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement?.textContent).toMatch(/^Files/);
    const stops = screen.getAllByRole('tab').filter(tab => tab.tabIndex === 0);
    expect(stops).toHaveLength(1);
  });

  it('shows details', async () => {
    render(<Page source={world({ properties: { 'a.b': 'c' } })} tab="details" />);
    expect(await screen.findByText('python train.py --lr 3e-4')).toBeTruthy();
    expect(within(screen.getByLabelText('Properties')).getByText('c')).toBeTruthy();
  });

  it('shows files as a tree and what is in one', async () => {
    const user = userEvent.setup();
    const files = { r: { 'outputs/a.json': '{"lr":1}', 'outputs/b.bin': 'x\u0000y' } };
    render(<Page source={world({}, { files })} tab="files" />);
    await user.click(await screen.findByRole('treeitem', { name: /a\.json/ }));
    expect(await screen.findByText(/"lr": 1/)).toBeTruthy();
    await user.keyboard('{ArrowDown}');
    expect(await screen.findByText('There is no preview for this kind of file.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Download' }).getAttribute('href')).toBe(
      '/files/r/outputs/b.bin?download=1'
    );
  });

  it('shows a page of the user only in a sandbox of its own origin', async () => {
    const files = { r: { 'outputs/a.html': '<b>x</b>' } };
    render(<Page source={world({}, { files })} tab="files" />);
    await userEvent.setup().click(await screen.findByRole('treeitem', { name: /a\.html/ }));
    const frame = screen.getByLabelText('Preview of outputs/a.html').querySelector('iframe');
    expect(frame?.getAttribute('sandbox')).toBe('allow-scripts');
  });

  it('sorts children and opens one', async () => {
    const user = userEvent.setup();
    const opened = vi.fn();
    const child = (id: string, number: number, last: number): IRunDetail =>
      demoRun({
        id,
        number,
        display_name: id,
        parent_id: 'r',
        primary_metric: { name: 'auc', last, best: last, best_step: 1, count: 1, spark: [] }
      });
    const runs = [child('first', 1, 0.5), child('second', 2, 0.9)];
    const source = world({ child_count: 2, children: { Completed: 2 } }, { runs });
    render(<Page source={source} tab="children" onOpenRun={opened} />);
    await waitFor(() => expect(screen.getAllByRole('row')[1]?.textContent).toContain('second'));
    expect(screen.getAllByRole('row')[1]?.className).toBe('jp-ml-strong');
    await user.click(screen.getByRole('button', { name: 'Number' }));
    await waitFor(() => expect(screen.getAllByRole('row')[1]?.textContent).toContain('first'));
    expect(screen.getAllByRole('row')[1]?.className).toBe('');
    await user.click(screen.getByRole('button', { name: 'second' }));
    expect(opened).toHaveBeenCalledWith('second');
  });
});

describe('TensorBoard', () => {
  const events = { r: { 'logs/events.out.tfevents.1.h': 'x' } };

  it('starts when there is something to see, and stops', async () => {
    const user = userEvent.setup();
    const source = world({}, { files: events });
    render(<Page source={source} tab="tensorboard" />);
    const frame = await screen.findByTitle('TensorBoard');
    expect(frame.getAttribute('src')).toBe('/ml-jupyter/tensorboards/tb/?darkMode=false');
    await user.click(screen.getByRole('tab', { name: 'Log' }));
    expect(screen.getByTitle('TensorBoard')).toBe(frame);
    await user.click(screen.getByRole('tab', { name: 'TensorBoard' }));
    await user.click(screen.getByRole('button', { name: 'Stop TensorBoard' }));
    expect(await screen.findByText('TensorBoard is stopped.')).toBeTruthy();
    expect(source.commands.map(c => c.name)).toEqual(['tensorboard', 'stopTensorboard']);
  });

  it('waits for event files and says so', async () => {
    const source = world({}, { files: { r: { [LOG]: 'x' } } });
    render(<Page source={source} tab="tensorboard" />);
    expect(await screen.findByText('No TensorBoard event files yet.')).toBeTruthy();
    expect(source.commands).toEqual([]);
  });

  it('says why it did not start', async () => {
    const source = world({}, { files: events });
    vi.spyOn(source, 'command' as never).mockRejectedValue(new Error('No port is free.'));
    render(<Page source={source} tab="tensorboard" />);
    expect(await screen.findByText('No port is free.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});

describe('states of a run', () => {
  it('leads with the finding when it failed', async () => {
    const traceback =
      'Traceback (most recent call last):\n  File "/home/m/train.py", line 9, in f\n    g()\nValueError: no';
    const failed = world(
      {
        status: 'Failed',
        reason: 'The script ended with exit code 1.',
        error: { code: '1', message: 'ValueError: no', traceback }
      },
      { metrics: { r: [demoSeries('loss', [2, 1], 10, 0)] } }
    );
    render(<Page source={failed} />);
    const finding = await screen.findByLabelText('Why it failed');
    expect(within(finding).getByRole('heading', { level: 2 }).textContent).toBe(
      'The script ended with exit code 1.'
    );
    expect(within(finding).getByText('g()').tagName).toBe('B');
    await screen.findByRole('figure');
    const order = finding.compareDocumentPosition(screen.getByRole('figure'));
    expect(order & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  });

  it('says why it waits and where it stands in line', async () => {
    const queue = {
      slots: { total: 16, free: 0 },
      entries: [{ run_id: 'r', position: 2, reason: 'x' }],
      ends_with_server: false
    };
    const reason = 'Waiting for 8 CPU slots. Run 412 holds 8.';
    render(<Page source={world({ status: 'Queued', started_ms: null, reason }, { queue })} />);
    expect(await screen.findByText(reason)).toBeTruthy();
    expect(await screen.findByText(/2nd in line/)).toBeTruthy();
  });

  it('shows what came when it ends while it is looked at', async () => {
    const source = world();
    render(<Page source={source} />);
    await screen.findByRole('button', { name: 'Stop' });
    act(() => void source.patchRun('r', { status: 'Completed', ended_ms: Date.now() }));
    expect(await screen.findByText('Took')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  });

  it('says that a run is gone, and keeps what was known of it', async () => {
    const source = world();
    render(<Page source={source} />);
    await screen.findByRole('heading', { name: 'digits-sgd' });
    act(() => source.removeRun('r'));
    expect(await screen.findByText(/This run was deleted/)).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'digits-sgd' })).toBeTruthy();
  });

  it('says that there is no such run', async () => {
    render(<Page source={new FakeRunSource()} />);
    expect(await screen.findByText('There is no such run.')).toBeTruthy();
  });

  it('says that the connection is lost and that it came back', async () => {
    const source = world();
    render(<Page source={source} />);
    await screen.findByRole('heading', { name: 'digits-sgd' });
    act(() => source.lose());
    expect(await screen.findByText(/No connection since/)).toBeTruthy();
    act(() => source.heal());
    expect(await screen.findByText('Connected again. Nothing was lost.')).toBeTruthy();
  });

  it('is read-only without commands', async () => {
    render(<Page source={world({}, { readOnly: true })} />);
    await screen.findByRole('heading', { name: 'digits-sgd' });
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Run again' })).toBeNull();
  });
});
