import React from 'react';
import { formatCount, formatSize } from '../../model/format';
import type { LogStore } from './store';

interface ILogStatusProps {
  readonly store: LogStore;
  readonly follow: boolean;
  /** Number of the last line in view. */
  readonly line: number;
}

/** The place is said in lines; otherwise it is said in bytes, of how many. */
const inLines = ({ store, follow }: ILogStatusProps): boolean =>
  store.attached && (follow || store.complete);

/** Where the view stands, in words. */
export function whereText(props: ILogStatusProps): string {
  const { store, follow, line } = props;
  const { buffer } = store;
  if (follow && store.attached) {
    return store.final ? 'The end. Nothing more will come.' : 'Following';
  }
  if (inLines(props)) {
    const at = Math.min(line - buffer.first + 1, buffer.length);
    const word = store.final ? 'Line' : 'Paused at line';
    return `${word} ${formatCount(at)} of ${formatCount(buffer.length)}`;
  }
  const share = buffer.length > 0 ? (line - buffer.first) / buffer.length : 0;
  const byte = buffer.start + share * (buffer.end - buffer.start);
  return `Paused at ${formatSize(byte)} of ${formatSize(Math.max(store.size, buffer.end))}`;
}

/** The line under a log: where the view stands, the file's size, what is being loaded, the keys. */
export function LogStatus(props: ILogStatusProps): React.JSX.Element {
  const { store } = props;
  return (
    <div className="jp-ml-log-status">
      <span>{whereText(props)}</span>
      {inLines(props) && <span>{formatSize(store.size)}</span>}
      {store.loading === 'earlier' && <span>Loading earlier lines</span>}
      {store.loading === 'later' && <span>Loading later lines</span>}
      {store.error && <span className="jp-ml-err">{store.error}</span>}
      <span className="jp-ml-grow" />
      <span className="jp-ml-log-keys">Ctrl F search</span>
      <span className="jp-ml-log-keys">F follow</span>
      <span className="jp-ml-log-keys">W wrap</span>
    </div>
  );
}
