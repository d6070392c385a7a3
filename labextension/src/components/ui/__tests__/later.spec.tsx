import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import { later } from '../later';

const View = ({ name }: { readonly name: string }): React.JSX.Element => <p>view of {name}</p>;
const Waiting = (): React.JSX.Element => <p>waiting</p>;

describe('later', () => {
  it('fetches the component when it is first drawn, and once only', async () => {
    const load = vi.fn(async () => Promise.resolve(View));
    const Shown = later(load, Waiting);
    expect(load).not.toHaveBeenCalled();
    const first = render(<Shown name="a" />);
    expect(screen.getByText('waiting')).toBeTruthy();
    await screen.findByText('view of a');
    first.unmount();
    render(<Shown name="b" />);
    expect(screen.getByText('view of b')).toBeTruthy();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('says when it cannot be loaded, and tries again when asked', async () => {
    let answers = false;
    const Shown = later(
      async () => (answers ? Promise.resolve(View) : Promise.reject(new Error('away'))),
      Waiting,
      ({ children }) => <main>{children}</main>
    );
    render(<Shown name="a" />);
    const message = await screen.findByText('This view could not be loaded.');
    expect(screen.getByRole('main').contains(message)).toBe(true);
    answers = true;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('view of a');
    expect(screen.queryByRole('main')).toBeNull();
  });
});
