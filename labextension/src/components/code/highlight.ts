/** Words of Python told apart for reading: keywords, strings, comments, numbers. All pure. */

export type WordKind = 'plain' | 'keyword' | 'string' | 'comment' | 'number';

export interface IWord {
  readonly kind: WordKind;
  readonly text: string;
}

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except ' +
    'finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' ')
);

const TOKEN =
  /(#.*)|([rRbBfFuU]{0,2}(?:"""|'''))|([rRbBfFuU]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))|(\b\d(?:[\w.]|(?<=[eE])[+-])*)|([A-Za-z_]\w*)/g;

interface IState {
  /** The quotes that end the string which began on an earlier line. */
  open: string | null;
}

function push(words: IWord[], kind: WordKind, text: string): void {
  const last = words[words.length - 1];
  if (last?.kind === kind) {
    words[words.length - 1] = { kind, text: last.text + text };
  } else if (text !== '') {
    words.push({ kind, text });
  }
}

function kindOf(match: RegExpExecArray): WordKind {
  const [, comment, , string, number, name] = match;
  if (comment !== undefined) {
    return 'comment';
  }
  if (string !== undefined) {
    return 'string';
  }
  return number !== undefined ? 'number' : KEYWORDS.has(name ?? '') ? 'keyword' : 'plain';
}

/** The part of a line up to the end of a string of several lines; where what follows begins. */
function closeString(words: IWord[], line: string, from: number, state: IState): number {
  const end = state.open === null ? -1 : line.indexOf(state.open, from);
  const to = end < 0 ? line.length : end + 3;
  push(words, 'string', line.slice(from, to));
  if (end >= 0) {
    state.open = null;
  }
  return to;
}

function words(line: string, state: IState): IWord[] {
  const found: IWord[] = [];
  let at = state.open === null ? 0 : closeString(found, line, 0, state);
  const pattern = new RegExp(TOKEN);
  pattern.lastIndex = at;
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    push(found, 'plain', line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === undefined) {
      push(found, kindOf(match), match[0]);
    } else {
      push(found, 'string', match[0]);
      state.open = match[0].slice(-3);
      at = closeString(found, line, at, state);
    }
    pattern.lastIndex = at;
  }
  push(found, 'plain', line.slice(at));
  return found;
}

/** Lines of a file as words; files that are no Python are plain. */
export function highlight(lines: readonly string[], path: string): readonly (readonly IWord[])[] {
  if (!/\.pyi?$/.test(path)) {
    return lines.map(text => [{ kind: 'plain', text }]);
  }
  const state: IState = { open: null };
  return lines.map(line => words(line, state));
}
