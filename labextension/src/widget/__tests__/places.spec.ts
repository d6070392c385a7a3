import { afterEach, describe, expect, it, vi } from 'vitest';
import { drawInPlaceOf } from '../places';

function output(className = 'still'): HTMLElement {
  const found = document.createElement('div');
  found.className = 'jp-RenderedHTMLCommon jp-OutputArea-output';
  found.innerHTML = `<div class="${className}"><p>A picture</p></div>`;
  document.body.append(found);
  return found;
}

function begin() {
  const places = new Set<HTMLElement>();
  const end = drawInPlaceOf('still', el => {
    el.textContent = 'A run';
    places.add(el);
    return () => places.delete(el);
  });
  return { places, end };
}

const still = (from: HTMLElement): HTMLElement => from.querySelector('.still')!;

describe('a view in the place of a still', () => {
  afterEach(() => document.body.replaceChildren());

  it('is drawn where each still is, without the styles of HTML, until it ends', () => {
    const [first, second, other] = [output(), output(), output('another')];
    const { places, end } = begin();
    expect([...places].map(el => el.parentElement)).toEqual([first, second]);
    expect(still(first).hidden).toBe(true);
    expect(first.className).toBe('jp-OutputArea-output');
    expect(other.innerHTML).toBe('<div class="another"><p>A picture</p></div>');
    end();
    expect(places.size).toBe(0);
    expect(still(first).hidden).toBe(false);
    expect(first.classList.contains('jp-RenderedHTMLCommon')).toBe(true);
    expect(first.textContent).toBe('A picture');
  });

  it('is drawn in stills that come later, and goes with one that leaves the page', async () => {
    const { places, end } = begin();
    const late = output();
    await vi.waitFor(() => expect(places.size).toBe(1));
    late.remove();
    await vi.waitFor(() => expect(places.size).toBe(0));
    document.body.append(late);
    await vi.waitFor(() => expect(places.size).toBe(1));
    expect(late.textContent).toContain('A run');
    end();
    expect(late.textContent).toBe('A picture');
  });

  it('is not drawn any more after its end', async () => {
    const { places, end } = begin();
    end();
    const late = output();
    await new Promise(resolve => setTimeout(resolve, 150));
    expect([places.size, late.textContent]).toEqual([0, 'A picture']);
  });
});
