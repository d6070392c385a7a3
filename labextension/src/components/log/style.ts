/** Colours and weights of terminal text: what SGR sequences (ECMA-48 8.3.117) make of the current style. All pure. */

/** A colour: 0..15 of the theme, or `rgb(…)` for the cube, the greys and true colour. */
export type TerminalColour = number | string;

export interface IStyle {
  readonly fg: TerminalColour | null;
  readonly bg: TerminalColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly strike: boolean;
}

export const PLAIN: IStyle = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false
};

const CUBE = [0, 95, 135, 175, 215, 255];

/** Colour n of 256: the theme's sixteen, the 6 × 6 × 6 cube, 24 greys. */
export function indexedColour(n: number): TerminalColour {
  if (n < 16) {
    return n;
  }
  if (n >= 232) {
    const grey = 8 + (Math.min(n, 255) - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const at = n - 16;
  const part = (i: number): number => CUBE[i % 6] ?? 0;
  return `rgb(${part(Math.floor(at / 36))},${part(Math.floor(at / 6))},${part(at)})`;
}

/** Reads `38;5;n` or `38;2;r;g;b` from behind the 38; also says how many numbers that took. */
function extended(codes: readonly number[], at: number): [TerminalColour | null, number] {
  const kind = codes[at + 1];
  if (kind === 5) {
    return [indexedColour(codes[at + 2] ?? 0), 2];
  }
  if (kind === 2) {
    const rgb = [2, 3, 4].map(i => Math.min(255, codes[at + i] ?? 0));
    return [`rgb(${rgb.join(',')})`, 4];
  }
  return [null, 0];
}

const SWITCHES: Readonly<Record<number, Partial<IStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null }
};

function colourOf(code: number): Partial<IStyle> | null {
  const bright = code >= 90;
  const base = bright ? code - 60 : code;
  const n = (base % 10) + (bright ? 8 : 0);
  if (base % 10 > 7) {
    return null;
  }
  return base >= 30 && base < 38 ? { fg: n } : base >= 40 && base < 48 ? { bg: n } : null;
}

/** The style after an SGR sequence; codes that are not known change nothing. */
export function applySgr(style: IStyle, parameters: string): IStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let next = style;
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, i);
      next = { ...next, [code === 38 ? 'fg' : 'bg']: colour };
      i += used;
    } else {
      next = { ...next, ...(SWITCHES[code] ?? colourOf(code)) };
    }
  }
  return next;
}

const FLAGS = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike'] as const;

export function sameStyle(a: IStyle, b: IStyle): boolean {
  return a === b || (a.fg === b.fg && a.bg === b.bg && FLAGS.every(f => a[f] === b[f]));
}

/** The classes of a style: colours of the theme and the flags. */
export function styleClass(style: IStyle): string {
  return [
    typeof style.fg === 'number' ? `jp-ml-fg-${style.fg}` : '',
    typeof style.bg === 'number' ? `jp-ml-bg-${style.bg}` : '',
    ...FLAGS.map(flag => (style[flag] ? `jp-ml-t-${flag}` : ''))
  ]
    .filter(Boolean)
    .join(' ');
}

/** Colours that no class has. Mixed with the theme's ink by the style sheet, so that they can be read on any ground. */
export function styleColours(style: IStyle): Record<string, string> | undefined {
  const colours: Record<string, string> = {};
  if (typeof style.fg === 'string') {
    colours['--jp-ml-fg'] = style.fg;
  }
  if (typeof style.bg === 'string') {
    colours['--jp-ml-bg'] = style.bg;
  }
  return Object.keys(colours).length > 0 ? colours : undefined;
}
