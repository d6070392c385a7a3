import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { SourceError } from '../../../model/errors';
import { demoModel, demoModels, demoService } from '../../../sources/demoModels';
import { FakeRunSource, type IFakeWorld } from '../../../sources/fake';
import { testHost } from '../../sidebar/__tests__/host';
import ModelsPage from '../ModelsPage';

type Place = readonly [string | null, number | null];

function show(world: IFakeWorld = demoModels(), first: Place = [null, null]) {
  const source = new FakeRunSource(world);
  const host = testHost();
  function Page(): React.JSX.Element {
    const [[model, version], setPlace] = useState<Place>(first);
    return (
      <ModelsPage
        {...{ source, host, model, version }}
        onModel={(name, number) => setPlace([name, number])}
      />
    );
  }
  render(<Page />);
  return { source, host, user: userEvent.setup() };
}

const rowOf = async (name: string): Promise<HTMLElement> =>
  (await screen.findByRole('rowheader', { name })).closest('tr')!;
const names = (): (string | null)[] =>
  within(screen.getByRole('table', { name: 'Models' }))
    .getAllByRole('rowheader')
    .map(one => one.textContent);

describe('the list of models', () => {
  it('has the newest version of each with its services, in any order', async () => {
    const { user } = show();
    const row = await rowOf('pcam-vit');
    expect(within(row).getByText('PyTorch 2.4.1')).toBeTruthy();
    expect(within(row).getAllByText(/Healthy|Failed/)).toHaveLength(2);
    expect(names()).toEqual(['baseline', 'pcam-vit', 'retina-grader']);
    await user.dblClick(screen.getByRole('button', { name: 'Size' }));
    expect(names()[0]).toBe('pcam-vit');
    await user.type(screen.getByRole('searchbox'), 'stage=candidate');
    expect(names()).toEqual(['pcam-vit']);
    await user.type(screen.getByRole('searchbox'), 'zzz');
    await user.click(screen.getAllByRole('button', { name: 'Clear search' }).at(-1)!);
    expect(names()).toHaveLength(3);
  });

  it('leads to the run that made a model and to the log of a service', async () => {
    const { host, user } = show();
    await user.click(within(await rowOf('retina-grader')).getByText('retina'));
    expect(host.openRun).toHaveBeenLastCalledWith('retina-7');
    const failed = await rowOf('pcam-old');
    expect(within(failed).getByText('The process ended with exit code 1.')).toBeTruthy();
    await user.click(within(failed).getByRole('button', { name: 'Log' }));
    expect(host.openRun).toHaveBeenLastCalledWith('serve-pcam-old', 'log');
  });

  it('shows how a first model is registered where there is none', async () => {
    const { host, user } = show({});
    await user.click(await screen.findByRole('button', { name: 'Insert into notebook' }));
    expect(host.insertCell).toHaveBeenCalledWith(expect.stringContaining('Model.register'));
  });

  it('tells why it cannot be read, and asks again', async () => {
    const source = new FakeRunSource(demoModels());
    const failure = new SourceError('server_error', 'The disk is full.');
    vi.spyOn(source, 'query').mockRejectedValueOnce(failure);
    const host = testHost();
    render(<ModelsPage {...{ source, host, model: null, version: null, onModel: () => {} }} />);
    expect(await screen.findByText('The disk is full.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await rowOf('baseline')).toBeTruthy();
  });
});

describe('the page of a model', () => {
  it('shows what is known of a version, and others on demand', async () => {
    const { user } = show(demoModels(), ['pcam-vit', null]);
    const versions = await screen.findByRole('navigation', { name: 'Versions' });
    expect(within(versions).getAllByRole('button')[0]?.getAttribute('aria-current')).toBe('true');
    expect(screen.getByText('GPUs').nextSibling?.textContent).toBe('1');
    expect(screen.getByText('pcam-patches, version 3')).toBeTruthy();
    const link = screen.getByRole('link', { name: 'Download model/labels.txt' });
    expect(link.getAttribute('href')).toBe('/models/pcam-vit/3/model/labels.txt');
    expect(screen.getByRole('table', { name: 'Services' }).textContent).toContain('pcam-vit:3');
    await user.click(within(versions).getByRole('button', { name: /Version 2/ }));
    expect(screen.queryByRole('table', { name: 'Services' })).toBeNull();
  });

  it('deletes after a question, but no version that is served', async () => {
    const { host, source, user } = show(demoModels(), ['pcam-vit', 3]);
    const remove = await screen.findByRole('button', { name: 'Delete version' });
    expect(remove).toHaveProperty('disabled', true);
    expect(remove.title).toContain('pcam');
    await user.click(screen.getByRole('button', { name: /Version 2/ }));
    host.confirm.mockResolvedValueOnce(false);
    await user.click(screen.getByRole('button', { name: 'Delete version' }));
    expect(source.commands).toEqual([]);
    host.confirm.mockResolvedValueOnce(true);
    await user.click(screen.getByRole('button', { name: 'Delete version' }));
    await screen.findByText('There is no version 2 any more; this is the newest.');
    expect(screen.queryByRole('button', { name: /Version 2/ })).toBeNull();
  });

  it('deletes a service, after which the version may go', async () => {
    const { host, user } = show(
      {
        models: [demoModel({ name: 'm', version: 1 })],
        services: [demoService({ name: 's', models: ['m:1'] })]
      },
      ['m', 1]
    );
    host.confirm.mockResolvedValue(true);
    await user.click(await screen.findByRole('button', { name: 'Delete the service s' }));
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Delete version' })).toHaveProperty(
        'disabled',
        false
      )
    );
    await user.click(screen.getByRole('button', { name: 'Delete version' }));
    await screen.findByText('There is no model “m”.');
    await user.click(screen.getByRole('button', { name: 'All models' }));
    expect(await screen.findByText('No models yet.')).toBeTruthy();
  });

  it('lets nobody delete what may only be read', async () => {
    show({ ...demoModels(), readOnly: true }, ['pcam-vit', 2]);
    await screen.findByRole('navigation', { name: 'Versions' });
    expect(screen.queryByRole('button', { name: /Delete/ })).toBeNull();
  });
});
