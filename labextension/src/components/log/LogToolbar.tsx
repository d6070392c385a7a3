import React, { type RefObject } from 'react';
import { formatCount, formatSize } from '../../model/format';
import { IconButton } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { MAX_MATCHES } from './search';
import type { ISearchState } from './useSearch';

interface ILogToolbarProps {
  readonly search: ISearchState;
  readonly field: RefObject<HTMLInputElement>;
  readonly onGo: (by: 1 | -1) => void;
  readonly files: readonly string[];
  readonly path: string;
  readonly onPath: (path: string) => void;
  readonly wrap: boolean;
  readonly onWrap: (wrap: boolean) => void;
  readonly raw: boolean;
  readonly onRaw: (raw: boolean) => void;
  readonly onCopy: () => void;
  /** Where the file can be had; null: nowhere. */
  readonly download: string | null;
  readonly size: number;
}

function countText({ matches, current, query, invalid, busy }: ISearchState): string {
  if (busy) {
    return 'Reading earlier lines';
  }
  if (query.text === '') {
    return '';
  }
  if (invalid) {
    return 'Not a pattern';
  }
  const total = `${formatCount(matches.length)}${matches.length >= MAX_MATCHES ? '+' : ''}`;
  if (matches.length === 0) {
    return 'No match';
  }
  return current >= 0 ? `${formatCount(current + 1)} of ${total}` : total;
}

function SearchField({ search, field, onGo }: ILogToolbarProps): React.JSX.Element {
  const { query, change } = search;
  return (
    <div className="jp-ml-field jp-ml-log-search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        placeholder="Search the log"
        aria-label="Search the log"
        aria-invalid={search.invalid}
        value={query.text}
        onChange={event => change({ text: event.target.value })}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            onGo(event.shiftKey ? -1 : 1);
          } else if (event.key === 'Escape' && query.text !== '') {
            event.stopPropagation();
            change({ text: '' });
          }
        }}
      />
      <IconButton
        icon="case"
        label="Match case"
        pressed={query.matchCase}
        onClick={() => change({ matchCase: !query.matchCase })}
      />
      <IconButton
        icon="regex"
        label="Regular expression"
        pressed={query.regex}
        onClick={() => change({ regex: !query.regex })}
      />
    </div>
  );
}

/** The name of a log without what all of them share. */
const shortName = (path: string): string => path.split('/').slice(-1)[0] ?? path;

/** Search, count and jump left; which file, wrap, raw, copy and download right. */
export function LogToolbar(props: ILogToolbarProps): React.JSX.Element {
  const { search, onGo, files, path, onPath, wrap, onWrap, raw, onRaw, onCopy, download } = props;
  const none = search.query.text === '' || search.invalid;
  return (
    <div className="jp-ml-log-bar" role="toolbar" aria-label="Log">
      <SearchField {...props} />
      <span className="jp-ml-log-count jp-ml-small jp-ml-dim jp-ml-num" role="status">
        {countText(search)}
      </span>
      <IconButton icon="up" label="Previous match" disabled={none} onClick={() => onGo(-1)} />
      <IconButton icon="down" label="Next match" disabled={none} onClick={() => onGo(1)} />
      <span className="jp-ml-grow" />
      {files.length > 1 && (
        <label className="jp-ml-dim jp-ml-log-file">
          Show
          <select
            className="jp-ml-select"
            value={path}
            onChange={event => onPath(event.target.value)}
          >
            {files.map(file => (
              <option key={file} value={file}>
                {shortName(file)}
              </option>
            ))}
          </select>
        </label>
      )}
      <IconButton icon="wrap" label="Wrap lines (W)" pressed={wrap} onClick={() => onWrap(!wrap)} />
      <button
        type="button"
        className="jp-ml-btn jp-ml-btn-quiet jp-ml-log-raw"
        aria-pressed={raw}
        title="Show the bytes as they are, control characters too"
        onClick={() => onRaw(!raw)}
      >
        Raw
      </button>
      <IconButton icon="copy" label="Copy the selection, or all lines loaded" onClick={onCopy} />
      {download && (
        <a
          className="jp-ml-btn jp-ml-btn-icon"
          href={download}
          download
          title={`Download, ${formatSize(props.size)}`}
          aria-label={`Download, ${formatSize(props.size)}`}
        >
          <Icon name="download" />
        </a>
      )}
    </div>
  );
}
