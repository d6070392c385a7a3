/** A Python traceback taken apart: the user's frames stay, those of libraries are folded. All pure. */
import { isLibrary, parseFrame } from '../log/kinds';

export type TraceLine =
  | { readonly kind: 'frame'; readonly path: string; readonly line: number; readonly name: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'folded'; readonly count: number; readonly library: string }
  | { readonly kind: 'exception'; readonly name: string; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

const EXCEPTION = /^([A-Za-z_][\w.]*)(?::\s?(.*))?$/;
const HEAD = /^\s*Traceback \(most recent call last\):\s*$/;
/** Letters of a path that are shown; longer ones lose their beginning. */
const PATH_PARTS = 3;

/**
 * The end of a path: what tells files apart.
 *
 * @param run - id of the run; a file in its working folder is named as the user knows it
 */
export function shortPath(path: string, run?: string): string {
  const parts = path.split(/[\\/]/);
  const work = run === undefined ? -1 : parts.indexOf(run);
  if (work >= 0 && parts[work + 1] === 'work') {
    return parts.slice(work + 2).join('/');
  }
  const packages = parts.findIndex(p => p === 'site-packages' || p === 'dist-packages');
  const own = packages >= 0 ? parts.slice(packages + 1) : parts;
  return own.slice(-PATH_PARTS).join('/');
}

function libraryOf(path: string): string {
  const match = /(?:site-packages|dist-packages)[\\/]([^\\/]+)/.exec(path);
  return (match?.[1] ?? 'Python').replace(/\.py$/, '');
}

interface IFolding {
  readonly lines: TraceLine[];
  folded: number;
  libraries: Set<string>;
}

function unfold(state: IFolding): void {
  if (state.folded > 0) {
    const library = [...state.libraries].slice(0, 3).join(', ');
    state.lines.push({ kind: 'folded', count: state.folded, library });
    state.folded = 0;
    state.libraries = new Set();
  }
}

function takeText(state: IFolding, text: string, inLibrary: boolean): boolean {
  const frame = parseFrame(text);
  if (frame && isLibrary(frame.path)) {
    state.folded += 1;
    state.libraries.add(libraryOf(frame.path));
    return true;
  }
  if (frame) {
    unfold(state);
    state.lines.push({ kind: 'frame', ...frame });
    return false;
  }
  if (/^\s/.test(text)) {
    if (!inLibrary && !/^\s*[\^~]+\s*$/.test(text)) {
      state.lines.push({ kind: 'code', text: text.trim() });
    }
    return inLibrary;
  }
  unfold(state);
  const found = EXCEPTION.exec(text);
  state.lines.push(
    found
      ? { kind: 'exception', name: found[1] ?? '', text: found[2] ?? '' }
      : { kind: 'text', text }
  );
  return false;
}

/** Lines of a traceback for reading: heads left out, runs of library frames folded into one line. */
export function parseTraceback(traceback: string): readonly TraceLine[] {
  const state: IFolding = { lines: [], folded: 0, libraries: new Set() };
  let inLibrary = false;
  for (const text of traceback.trimEnd().split('\n')) {
    if (text.trim() !== '' && !HEAD.test(text)) {
      inLibrary = takeText(state, text, inLibrary);
    }
  }
  unfold(state);
  return state.lines;
}
