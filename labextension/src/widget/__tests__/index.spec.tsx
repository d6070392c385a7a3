import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { demoSnapshot, demoWorld } from '../../sources/demo';
import { FakeRunSource } from '../../sources/fake';
import { KernelDouble } from '../../sources/__tests__/kernelDouble';
import widget from '../index';

function draw() {
  const world = new FakeRunSource(demoWorld());
  const model = new KernelDouble(world, demoSnapshot('mixup'));
  const get = (name: string): unknown => (name === 'run_id' ? 'mixup' : demoSnapshot('mixup'));
  const el = document.createElement('div');
  document.body.append(el);
  let close: () => void = () => undefined;
  act(() => {
    close = widget.render({ model: Object.assign(model, { get }), el } as never);
  });
  return { world, model, el, close };
}

describe('the widget', () => {
  it('shows the run by the messages of its kernel, and stops it', async () => {
    vi.spyOn(window, 'confirm').mockReturnValue(true);
    const { world, close } = draw();
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(world.commands.map(c => c.name)).toEqual(['cancel']));
    expect(await screen.findByRole('region', { name: /mixup, stopping$/ })).toBeTruthy();
    act(() => close());
  });

  it('takes everything back: its elements, its listeners, its subscriptions', async () => {
    const { world, model, el, close } = draw();
    await screen.findByRole('button', { name: 'Stop' });
    act(() => close());
    expect(el.childElementCount).toBe(0);
    expect(model.listening).toBe(0);
    await waitFor(() => expect(world.following).toBe(0));
  });
});
