/** Which lines of a log belong to a traceback or name an error. All pure. */

export type LineKind =
  | 'plain'
  | 'error'
  | 'trace'
  | 'user-frame'
  | 'user-code'
  | 'library-frame'
  | 'library-code'
  | 'exception';

const HEAD = /^(.*?)Traceback \(most recent call last\):\s*$/;
const FRAME = /^\s+(?:\| )?File "([^"]+)", line (\d+)(?:, in (.*))?/;
/** Python's own and installed files; what is left is the user's. */
const LIBRARY = /site-packages|dist-packages|[\\/]lib[\\/]python\d|^<frozen |^\/usr\/lib\//;
const ERROR =
  /(?:^|[\s[(])(?:ERROR|CRITICAL|FATAL)(?:[\s\]):]|$)|^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception)\b(?::|$)/;

/** How far back the start of a traceback is looked for. */
export const LOOK_BACK = 200;

export const isLibrary = (path: string): boolean => LIBRARY.test(path);

/** File and line of a traceback's frame; null for other text. */
export function parseFrame(text: string): { path: string; line: number; name: string } | null {
  const found = FRAME.exec(text);
  return found ? { path: found[1] ?? '', line: Number(found[2]), name: found[3] ?? '' } : null;
}

/** True for what gets a mark in the ruler. */
export const isError = (kind: LineKind): boolean => kind === 'error' || kind === 'exception';

interface IState {
  /** Text before "Traceback", which then stands before each of its lines; null outside a traceback. */
  prefix: string | null;
  /** Kind of the frame whose source line comes next. */
  frame: 'user' | 'library' | null;
}

function inside(text: string, state: IState): LineKind {
  const own = text.startsWith(state.prefix ?? '') ? text.slice((state.prefix ?? '').length) : text;
  if (!/^\s/.test(own)) {
    state.prefix = null;
    return own === '' ? 'plain' : 'exception';
  }
  const frame = parseFrame(own);
  if (frame) {
    state.frame = isLibrary(frame.path) ? 'library' : 'user';
    return state.frame === 'user' ? 'user-frame' : 'library-frame';
  }
  const marks = /^\s*[\^~]+\s*$/.test(own);
  return state.frame && !marks ? (state.frame === 'user' ? 'user-code' : 'library-code') : 'trace';
}

function next(text: string, state: IState): LineKind {
  const head = HEAD.exec(text);
  if (head) {
    state.prefix = head[1] ?? '';
    state.frame = null;
    return 'trace';
  }
  if (state.prefix !== null) {
    return inside(text, state);
  }
  return ERROR.test(text) ? 'error' : 'plain';
}

/**
 * Kinds of the lines from a place on.
 *
 * @param text - text of a line by index
 * @param count - number of lines
 * @param from - the first line wanted; a traceback that began up to 200 lines earlier is recognised
 */
export function lineKinds(
  text: (index: number) => string,
  count: number,
  from: number
): LineKind[] {
  const state: IState = { prefix: null, frame: null };
  const kinds: LineKind[] = [];
  for (let i = Math.max(0, from - LOOK_BACK); i < count; i += 1) {
    const kind = next(text(i), state);
    if (i >= from) {
      kinds.push(kind);
    }
  }
  return kinds;
}
