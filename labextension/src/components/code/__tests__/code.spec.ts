import { describe, expect, it } from 'vitest';
import { changedFiles, fileOf, firstFile } from '../compare';
import { highlight } from '../highlight';

const file = (path: string, digest = path) => ({ path, digest, size: 1 });
const files = [file('train.py'), file('lib/train.py'), file('data.py')];

describe('files of two snapshots', () => {
  it('that differ are told with what happened to them', () => {
    const before = [file('a'), file('b'), file('c', '1')];
    const after = [file('a'), file('c', '2'), file('d')];
    expect(changedFiles(before, after).map(({ path, change }) => `${path} ${change}`)).toEqual([
      'b removed',
      'c changed',
      'd added'
    ]);
    expect(changedFiles(after, after)).toEqual([]);
  });

  it.each([
    ['/x/runs/e/r/work/lib/train.py', 'lib/train.py'],
    ['/home/mara/pcam/train.py', 'train.py'],
    ['C:\\pcam\\data.py', 'data.py'],
    ['train.py', 'train.py'],
    ['/opt/lib/other.py', null],
    ['/home/mara/xtrain.py', null]
  ])('are found for a traceback’s %s', (path, found) => expect(fileOf(path, files)).toBe(found));

  it('begin with the script', () => {
    expect(firstFile(files, 'data.py')).toBe('data.py');
    expect(firstFile([file('a.txt'), ...files], null)).toBe('train.py');
    expect(firstFile([], 'data.py')).toBeNull();
  });
});

describe('Python', () => {
  const kinds = (...lines: string[]): string[] =>
    highlight(lines, 'a.py').map(words =>
      words
        .filter(word => word.kind !== 'plain')
        .map(word => `${word.kind}:${word.text}`)
        .join(' ')
    );

  it.each([
    ['def f(x): return 3e-4  # half', 'keyword:def keyword:return number:3e-4 comment:# half'],
    ['print(f"a \\" b", \'#\')', 'string:f"a \\" b" string:\'#\''],
    ['definition = x2', '']
  ])('%s', (line, expected) => expect(kinds(line)).toEqual([expected]));

  it('has strings of several lines', () => {
    expect(kinds('"""One', 'two # no', 'three""" if 1')).toEqual([
      'string:"""One',
      'string:two # no',
      'string:three""" keyword:if number:1'
    ]);
  });

  it('keeps every letter', () => {
    const lines = ['x = "open', "  y = 'a' # 1", '""" a', 'b """ c'];
    const joined = highlight(lines, 'a.py').map(words => words.map(w => w.text).join(''));
    expect(joined).toEqual(lines);
  });

  it('is not looked for in other files', () =>
    expect(highlight(['if'], 'a.txt')).toEqual([[{ kind: 'plain', text: 'if' }]]));
});
