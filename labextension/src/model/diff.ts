/** What differs between two texts, by lines. All pure. */

export type DiffKind = 'same' | 'added' | 'removed';

/** One line of a unified diff; numbers from 1, null on the side where the line is not. */
export interface IDiffLine {
  readonly kind: DiffKind;
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Lines that stand together, or how many equal ones are left out between. */
export type DiffPart =
  | { readonly kind: 'lines'; readonly lines: readonly IDiffLine[] }
  | { readonly kind: 'folded'; readonly lines: readonly IDiffLine[] };

/** Edits beyond which the search for the shortest diff is given up and the middle is shown as replaced. */
const MOST_EDITS = 2000;
const CONTEXT = 3;

export const textLines = (text: string): readonly string[] => {
  const lines = text.split(/\r?\n/);
  return lines[lines.length - 1] === '' ? lines.slice(0, -1) : lines;
};

/** Furthest reaching paths of each round of the search. */
type Trace = readonly Int32Array[];

/**
 * Rounds of the greedy search for a shortest edit script (E. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", 1986); null when it needs more than 2,000 edits.
 */
function search(a: readonly string[], b: readonly string[]): Trace | null {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const v = new Int32Array(2 * most + 2);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(v.slice());
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(v, most, k - 1) < at(v, most, k + 1));
      let x = down ? at(v, most, k + 1) : at(v, most, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) {
        x += 1;
      }
      v[most + k] = x;
      if (x >= a.length && x - k >= b.length) {
        return trace;
      }
    }
  }
  return null;
}

const at = (v: Int32Array, middle: number, k: number): number => v[middle + k] ?? 0;

type Edit = readonly [kind: DiffKind, before: number, after: number];

/** Edits from the last line to the first, as the rounds lead back. */
function walkBack(trace: Trace, a: readonly string[], b: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  const most = ((trace[0]?.length ?? 2) - 2) / 2;
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const v = trace[d] ?? new Int32Array();
    const k = x - y;
    const down = k === -d || (k !== d && at(v, most, k - 1) < at(v, most, k + 1));
    const fromX = d === 0 ? 0 : at(v, most, down ? k + 1 : k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      edits.push(['same', --x, --y]);
    }
    if (d > 0) {
      edits.push(down ? ['added', x, --y] : ['removed', --x, y]);
    }
  }
  return edits;
}

function middleEdits(a: readonly string[], b: readonly string[]): Edit[] {
  const trace = search(a, b);
  return trace
    ? walkBack(trace, a, b).reverse()
    : [
        ...a.map((_, i): Edit => ['removed', i, 0]),
        ...b.map((_, i): Edit => ['added', a.length, i])
      ];
}

/** How many lines at the beginning are equal. */
function common(a: readonly string[], b: readonly string[], most: number): number {
  let n = 0;
  while (n < most && a[n] === b[n]) {
    n += 1;
  }
  return n;
}

/** All lines of both texts: equal ones once, removed ones before what was added in their place. */
export function diffLines(a: readonly string[], b: readonly string[]): readonly IDiffLine[] {
  const most = Math.min(a.length, b.length);
  const head = common(a, b, most);
  const tail = common([...a].reverse(), [...b].reverse(), most - head);
  const middle = middleEdits(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const same = (i: number, j: number): IDiffLine => ({
    kind: 'same',
    text: b[j] ?? '',
    before: i + 1,
    after: j + 1
  });
  return [
    ...Array.from({ length: head }, (_, i) => same(i, i)),
    ...middle.map(([kind, i, j]): IDiffLine =>
      kind === 'same'
        ? same(head + i, head + j)
        : kind === 'added'
          ? { kind, text: b[head + j] ?? '', before: null, after: head + j + 1 }
          : { kind, text: a[head + i] ?? '', before: head + i + 1, after: null }
    ),
    ...Array.from({ length: tail }, (_, i) => same(a.length - tail + i, b.length - tail + i))
  ];
}

/** Lines added and removed. */
export function countChanges(lines: readonly IDiffLine[]): { added: number; removed: number } {
  return {
    added: lines.filter(line => line.kind === 'added').length,
    removed: lines.filter(line => line.kind === 'removed').length
  };
}

/** The changes with three lines around each; longer stretches of equal lines are folded. */
export function foldEqual(lines: readonly IDiffLine[]): readonly DiffPart[] {
  const near = new Array<boolean>(lines.length).fill(false);
  lines.forEach((line, i) => {
    if (line.kind !== 'same') {
      near.fill(true, Math.max(0, i - CONTEXT), i + CONTEXT + 1);
    }
  });
  const parts: { kind: DiffPart['kind']; lines: IDiffLine[] }[] = [];
  lines.forEach((line, i) => {
    const kind = near[i] ? 'lines' : 'folded';
    const last = parts[parts.length - 1];
    if (last?.kind === kind) {
      last.lines.push(line);
    } else {
      parts.push({ kind, lines: [line] });
    }
  });
  return parts;
}
