import React from 'react';
import { formatCount, formatSize } from '../../model/format';
import { trans } from '../../model/language';
import type { LogStore } from './store';

interface ILogStatusProps {
  readonly store: LogStore;
  readonly follow: boolean;
  /** Number of the last line in view. */
  readonly line: number;
}

/** The place is said in lines; otherwise it is said in bytes, of how many. */
const inLines = ({ store, follow }: ILogStatusProps): boolean =>
  store.attached && (follow || store.numberOf(store.buffer.first) !== null);

/** Where the view stands, in words. */
export function whereText(props: ILogStatusProps): string {
  const { store, follow, line } = props;
  const { buffer } = store;
  if (follow && store.attached) {
    return store.final ? trans.__('The end. Nothing more will come.') : trans.__('Following');
  }
  if (inLines(props)) {
    const end = buffer.first + buffer.length - 1;
    const at = formatCount(store.numberOf(Math.min(line, end)) ?? 0);
    const all = formatCount(store.numberOf(end) ?? 0);
    return store.final
      ? trans.__('Line %1 of %2', at, all)
      : trans.__('Paused at line %1 of %2', at, all);
  }
  const share = buffer.length > 0 ? (line - buffer.first) / buffer.length : 0;
  const byte = buffer.start + share * (buffer.end - buffer.start);
  const size = formatSize(Math.max(store.size, buffer.end));
  return trans.__('Paused at %1 of %2', formatSize(byte), size);
}

/** The line under a log: where the view stands, the file's size, what is being loaded, the keys. */
export function LogStatus(props: ILogStatusProps): React.JSX.Element {
  const { store } = props;
  return (
    <div className="jp-ml-log-status">
      <span>{whereText(props)}</span>
      {inLines(props) && <span>{formatSize(store.size)}</span>}
      {store.loading === 'earlier' && <span>{trans.__('Loading earlier lines')}</span>}
      {store.loading === 'later' && <span>{trans.__('Loading later lines')}</span>}
      {store.error && <span className="jp-ml-err">{store.error}</span>}
      <span className="jp-ml-grow" />
      <span className="jp-ml-log-keys">{trans.__('Ctrl F search')}</span>
      <span className="jp-ml-log-keys">{trans.__('F follow')}</span>
      <span className="jp-ml-log-keys">{trans.__('W wrap')}</span>
    </div>
  );
}
