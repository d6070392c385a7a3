import { describe, expect, it } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { cloneCode } from '../code';
import { shellLine } from '../DetailsTab';
import { childCounts, oneLine, primaryText, stepText } from '../facts';
import { treeRows } from '../fileTree';
import { areaPath } from '../MachineUse';
import { csvHead, isBinary, notebookCells, previewKind, prettyJson } from '../preview';
import { tabsShown, toTab } from '../tabs';
import { hasEvents } from '../TensorBoardTab';
import { parseTraceback, shortPath } from '../traceback';

const TRACE = `Traceback (most recent call last):
  File "/home/m/train.py", line 148, in train_epoch
    scaler.scale(loss).backward()
    ^^^^^^^^^^^
  File "/env/lib/python3.11/site-packages/torch/_tensor.py", line 648, in backward
    torch.autograd.backward(
  File "/env/lib/python3.11/site-packages/torch/autograd/graph.py", line 824, in run
    return run()
torch.OutOfMemoryError: CUDA out of memory.
Tried to allocate 2.10 GiB.`;

describe('parseTraceback', () => {
  it('keeps the frames of the user and folds those of libraries', () => {
    expect(parseTraceback(TRACE)).toEqual([
      { kind: 'frame', path: '/home/m/train.py', line: 148, name: 'train_epoch' },
      { kind: 'code', text: 'scaler.scale(loss).backward()' },
      { kind: 'folded', count: 2, library: 'torch' },
      { kind: 'exception', name: 'torch.OutOfMemoryError', text: 'CUDA out of memory.' },
      { kind: 'text', text: 'Tried to allocate 2.10 GiB.' }
    ]);
  });

  it('names files by what tells them apart', () => {
    expect(shortPath('/env/lib/python3.11/site-packages/torch/_tensor.py')).toBe(
      'torch/_tensor.py'
    );
    expect(shortPath('/a/b/c/d.py')).toBe('b/c/d.py');
    expect(shortPath('/ws/runs/e/run/work/src/d.py', 'run')).toBe('src/d.py');
  });
});

describe('facts', () => {
  it('says where a run is', () => {
    const progress = { step: 812, total: 60000 };
    expect(stepText(demoRun({ id: 'r', status: 'Running', progress }))).toBe('step 812 of 60,000');
    expect(stepText(demoRun({ id: 'r', status: 'Failed', progress }))).toBe(
      'at step 812 of 60,000'
    );
    expect(stepText(demoRun({ id: 'r', status: 'Completed', progress }))).toBe('812 steps');
    expect(
      stepText(demoRun({ id: 'r', status: 'Running', progress: { step: 0.25, total: 1 } }))
    ).toBe('25%');
    expect(stepText(demoRun({ id: 'r' }))).toBeNull();
  });

  it('says the primary metric with its best', () => {
    const metric = {
      name: 'auc',
      last: 0.9634,
      best: 0.9641,
      best_step: 38000,
      count: 42,
      spark: []
    };
    expect(primaryText(demoRun({ id: 'r', primary_metric: metric }))).toEqual({
      label: 'auc, best at 38,000: 0.9641',
      value: '0.9634'
    });
    const none = { ...metric, last: null, best: null, best_step: null, count: 0 };
    expect(primaryText(demoRun({ id: 'r', primary_metric: none }))?.value).toBeNull();
  });

  it('puts the head in one line', () => {
    const run = demoRun({
      id: 'r',
      status: 'Running',
      started_ms: 0,
      progress: { step: 50, total: 100 }
    });
    expect(oneLine(run, 60_000)).toBe('Running, 50%, 1 min left');
    expect(oneLine({ ...run, status: 'Canceled', ended_ms: 60_000 }, 0)).toBe(
      'Canceled, after 1 min'
    );
  });

  it('counts children by word', () => {
    expect(childCounts({ Queued: 1, NotStarted: 2, Completed: 1 })).toEqual([
      { word: 'Queued', statuses: ['Queued', 'NotStarted'], count: 3 },
      { word: 'Completed', statuses: ['Completed'], count: 1 }
    ]);
  });
});

describe('code', () => {
  it('submits the same again', () => {
    const code = cloneCode(demoRun({ id: 'r', tags: { paper: null, fold: '2' } }));
    expect(code).toContain('arguments=["--lr", "3e-4"]');
    expect(code).toContain('.submit(config, tags={"paper": None, "fold": "2"})');
  });

  it('writes a command as a shell needs it', () => {
    expect(shellLine(['python', 'a b.py', "it's"])).toBe("python 'a b.py' 'it'\\''s'");
  });
});

describe('treeRows', () => {
  const file = (path: string, size = 1): { path: string; size: number; modified_ms: number } => ({
    path,
    size,
    modified_ms: 0
  });
  const files = [file('outputs/step10.pt', 5), file('outputs/step9.pt', 3), file('a.txt')];

  it('has folders first, with their sums, and numbers in order', () => {
    expect(treeRows(files, new Set()).map(r => [r.path, r.depth, r.size])).toEqual([
      ['outputs', 0, 8],
      ['outputs/step9.pt', 1, 3],
      ['outputs/step10.pt', 1, 5],
      ['a.txt', 0, 1]
    ]);
  });

  it('leaves out what lies in a closed folder', () => {
    expect(treeRows(files, new Set(['outputs'])).map(r => r.path)).toEqual(['outputs', 'a.txt']);
  });
});

describe('preview', () => {
  it('judges by name and bytes', () => {
    expect(previewKind('outputs/A.PNG')).toBe('image');
    expect(previewKind('a/plot.svg')).toBe('page');
    expect(previewKind('Makefile')).toBe('text');
    expect(isBinary(new Uint8Array([1, 0, 2]))).toBe(true);
    expect(isBinary(new TextEncoder().encode('größe'))).toBe(false);
  });

  it('reads the head of a table', () => {
    const text = 'a,b\n"x, ""y""",1\ncut,';
    expect(csvHead(text, 'f.csv', 50, false)).toEqual([
      ['a', 'b'],
      ['x, "y"', '1']
    ]);
    expect(csvHead('a\tb', 'f.tsv', 50, true)).toEqual([['a', 'b']]);
  });

  it('lays JSON out and takes notebooks apart', () => {
    expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyJson('{"a"')).toBe('{"a"');
    const notebook = JSON.stringify({ cells: [{ cell_type: 'code', source: ['a\n', 'b'] }] });
    expect(notebookCells(notebook)).toEqual([{ type: 'code', source: 'a\nb' }]);
    expect(notebookCells('{}')).toBeNull();
  });
});

describe('the rest', () => {
  it('falls back to the overview', () => {
    expect(toTab('log')).toBe('log');
    expect(toTab('nonsense')).toBe('overview');
    expect(tabsShown(320)).toBeLessThan(tabsShown(1280));
  });

  it('draws use on the full scale', () => {
    expect(areaPath([0, 1]).line).toMatch(/36\.0L256\.0 1\.0$/);
  });

  it('knows event files', () => {
    const file = (path: string) => ({ path, size: 1, modified_ms: 0 });
    expect(hasEvents([file('logs/run/events.out.tfevents.17.h')])).toBe(true);
    expect(hasEvents([file('outputs/events.out.tfevents.17.h'), file('logs/a.txt')])).toBe(false);
  });
});
