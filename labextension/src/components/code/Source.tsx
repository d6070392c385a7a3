import React, { useEffect, useMemo, useRef } from 'react';
import { textLines } from '../../model/diff';
import { highlight, type IWord } from './highlight';

/** Words of a line of code in the host's colours. */
export function Words({ words }: { readonly words: readonly IWord[] }): React.JSX.Element {
  return (
    <>
      {words.map(({ kind, text }, i) =>
        kind === 'plain' ? (
          text
        ) : (
          <span key={i} className={`jp-ml-word-${kind}`}>
            {text}
          </span>
        )
      )}
    </>
  );
}

interface ISourceProps {
  readonly text: string;
  readonly path: string;
  /** Line, from 1, that is tinted and brought into view. */
  readonly line: number | null;
  readonly onLine: (line: number) => void;
}

/** A source file with the numbers of its lines; a click on one makes it part of the link. */
export function Source({ text, path, line, onLine }: ISourceProps): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => highlight(textLines(text), path), [text, path]);
  useEffect(() => {
    const row = line === null ? null : box.current?.querySelector(`[data-line="${line}"]`);
    row?.scrollIntoView?.({ block: 'center' });
  }, [line, path, text]);
  return (
    <div ref={box} className="jp-ml-src" role="region" aria-label={path} tabIndex={0}>
      {lines.map((words, i) => (
        <div
          key={i}
          data-line={i + 1}
          className={i + 1 === line ? 'jp-ml-src-line jp-mod-on' : 'jp-ml-src-line'}
          aria-current={i + 1 === line ? 'location' : undefined}
        >
          <span className="jp-ml-src-no" onClick={() => onLine(i + 1)}>
            {i + 1}
          </span>
          <code>
            <Words words={words} />
          </code>
        </div>
      ))}
    </div>
  );
}
