import { useEffect, useState, type RefObject } from 'react';

/** Colours of a chart, as the canvas takes them. */
export interface IPalette {
  readonly ink: string;
  readonly text: string;
  readonly grid: string;
  readonly axis: string;
  readonly surface: string;
  readonly error: string;
  readonly series: readonly string[];
  /** Opacity of the raw line under the smoothed one. */
  readonly rawAlpha: number;
  readonly font: string;
}

/** Colours that tell series apart; the eleventh starts again. */
export const SERIES_COLOURS = 10;
const AXIS_FONT_PX = 10;

/** The colours as the page has them now. A probe resolves what the canvas cannot: var() and color-mix(). */
export function readPalette(element: HTMLElement): IPalette {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const palette: IPalette = {
    ink: colour('--mlj-text-1'),
    text: colour('--mlj-text-2'),
    grid: colour('--mlj-grid'),
    axis: colour('--jp-border-color1'),
    surface: colour('--mlj-surface'),
    error: colour('--mlj-state-failed'),
    series: Array.from({ length: SERIES_COLOURS }, (_, i) => colour(`--mlj-series-${i + 1}`)),
    rawAlpha: document.body.dataset['jpThemeLight'] === 'false' ? 0.5 : 0.34,
    font: `${AXIS_FONT_PX}px ${getComputedStyle(element).fontFamily || 'sans-serif'}`
  };
  probe.remove();
  return palette;
}

const same = (one: IPalette | null, other: IPalette): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/**
 * The palette of the element's place, read again when JupyterLab changes its theme; null before the first render.
 * A notebook draws outputs that are out of sight into elements outside the page, where no variable has a value:
 * the colours are read when the element gets its size in the page.
 */
export function usePalette(ref: RefObject<HTMLElement>): IPalette | null {
  const [palette, setPalette] = useState<IPalette | null>(null);
  useEffect(() => {
    const read = (): void => {
      if (ref.current?.isConnected) {
        const found = readPalette(ref.current);
        setPalette(known => (same(known, found) ? known : found));
      }
    };
    read();
    const themes = new MutationObserver(read);
    themes.observe(document.body, {
      attributes: true,
      attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light']
    });
    const places = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(read);
    if (ref.current) {
      places?.observe(ref.current);
    }
    return () => {
      themes.disconnect();
      places?.disconnect();
    };
  }, [ref]);
  return palette;
}
