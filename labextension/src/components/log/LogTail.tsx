import React, { useEffect, useState } from 'react';
import type { IRunSource } from '../../model/source';

export interface ILogTailProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly path: string;
  /** Height, in lines. */
  readonly lines: number;
  /** Opens the whole log. When given, a bar with the title and "Open log" stands above the lines. */
  readonly onOpen?: () => void;
}

/** The last lines of a run's log, live. */
export function LogTail({ source, runId, path, lines }: ILogTailProps): React.JSX.Element {
  const [text, setText] = useState('');
  useEffect(() => {
    setText('');
    const decoder = new TextDecoder();
    const subscription = source.subscribe(
      'log',
      { run: runId, path, offset: -16384 },
      { next: chunk => setText(old => old + decoder.decode(chunk.data, { stream: true })) }
    );
    return () => subscription.dispose();
  }, [source, runId, path]);
  return <pre className="jp-ml-log">{text.split('\n').slice(-lines).join('\n')}</pre>;
}
