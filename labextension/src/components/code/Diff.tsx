import React, { useMemo, useState } from 'react';
import { diffLines, foldEqual, textLines, type DiffPart, type IDiffLine } from '../../model/diff';
import { trans } from '../../model/language';
import { highlight, type IWord } from './highlight';
import { Words } from './Source';

const SIGN = { same: ' ', added: '+', removed: '−' } as const;

interface IDiffProps {
  readonly before: string;
  readonly after: string;
  readonly path: string;
}

type WordsOf = (line: IDiffLine) => readonly IWord[];

function Line({ line, wordsOf }: { line: IDiffLine; wordsOf: WordsOf }): React.JSX.Element {
  return (
    <div className="jp-ml-src-line" data-diff={line.kind}>
      <span className="jp-ml-src-no">{line.before ?? ''}</span>
      <span className="jp-ml-src-no">{line.after ?? ''}</span>
      <span className="jp-ml-src-sign">{SIGN[line.kind]}</span>
      <code>
        <Words words={wordsOf(line)} />
      </code>
    </div>
  );
}

function Part({ part, wordsOf }: { part: DiffPart; wordsOf: WordsOf }): React.JSX.Element {
  const [open, setOpen] = useState(false);
  if (part.kind === 'folded' && !open) {
    return (
      <button
        type="button"
        className="jp-ml-btn jp-ml-btn-link jp-ml-src-fold"
        onClick={() => setOpen(true)}
      >
        {trans._n('Show %1 line', 'Show %1 lines', part.lines.length)}
      </button>
    );
  }
  return (
    <>
      {part.lines.map(line => (
        <Line key={`${line.before ?? ''} ${line.after ?? ''}`} line={line} wordsOf={wordsOf} />
      ))}
    </>
  );
}

/** Two texts as one, by lines: what was added, what was removed, what is equal around it. */
export function Diff({ before, after, path }: IDiffProps): React.JSX.Element {
  const { parts, wordsOf } = useMemo(() => {
    const [a, b] = [textLines(before), textLines(after)];
    const words = { before: highlight(a, path), after: highlight(b, path) };
    const find: WordsOf = line =>
      (line.after === null ? words.before[(line.before ?? 1) - 1] : words.after[line.after - 1]) ??
      [];
    return { parts: foldEqual(diffLines(a, b)), wordsOf: find };
  }, [before, after, path]);
  return (
    <div
      className="jp-ml-src"
      role="region"
      aria-label={trans.__('Changes in %1', path)}
      tabIndex={0}
    >
      {parts.map((part, i) => (
        <Part key={i} part={part} wordsOf={wordsOf} />
      ))}
    </div>
  );
}
