import React, { type RefObject } from 'react';
import { formatCount, formatSize } from '../../model/format';
import { trans } from '../../model/language';
import { IconButton } from '../ui/Button';
import { Icon } from '../ui/Icon';
import type { ILogFile } from './LogView';
import { MAX_MATCHES } from './search';
import type { IFileCount } from './useFileCount';
import type { ISearchState } from './useSearch';

interface ILogToolbarProps {
  readonly search: ISearchState;
  readonly field: RefObject<HTMLInputElement>;
  readonly onGo: (by: 1 | -1) => void;
  readonly files: readonly ILogFile[];
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** Matches in the whole file, where the view holds only a part of it. */
  readonly count: IFileCount | null;
  readonly wrap: boolean;
  readonly onWrap: (wrap: boolean) => void;
  readonly times: boolean;
  readonly onTimes: (times: boolean) => void;
  readonly raw: boolean;
  readonly onRaw: (raw: boolean) => void;
  readonly onCopy: () => void;
  /** Where the file can be had; null: nowhere. */
  readonly download: string | null;
  readonly size: number;
}

function countText(
  { matches, current, query, invalid, busy }: ISearchState,
  file: IFileCount | null
): string {
  if (busy) {
    return trans.__('Reading earlier lines');
  }
  if (query.text === '') {
    return '';
  }
  if (invalid) {
    return trans.__('Not a pattern');
  }
  if (file !== null && (matches.length === 0 || current < 0)) {
    return inFile(file);
  }
  const total = `${formatCount(matches.length)}${matches.length >= MAX_MATCHES ? '+' : ''}`;
  if (matches.length === 0) {
    return trans.__('No match');
  }
  return current >= 0 ? trans.__('%1 of %2', formatCount(current + 1), total) : total;
}

/** "23 lines in the file". */
function inFile({ count, complete }: IFileCount): string {
  const lines = `${formatCount(count)}${complete ? '' : '+'}`;
  return count === 0 && complete
    ? trans.__('No match')
    : trans._n('%2 line in the file', '%2 lines in the file', count, lines);
}

function SearchField({ search, field, onGo }: ILogToolbarProps): React.JSX.Element {
  const { query, change } = search;
  return (
    <div className="jp-ml-field jp-ml-log-search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        placeholder={trans.__('Search the log')}
        aria-label={trans.__('Search the log')}
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
        label={trans.__('Match case')}
        pressed={query.matchCase}
        onClick={() => change({ matchCase: !query.matchCase })}
      />
      <IconButton
        icon="regex"
        label={trans.__('Regular expression')}
        pressed={query.regex}
        onClick={() => change({ regex: !query.regex })}
      />
    </div>
  );
}

/** What a log is called, else its file's name without folders. */
const shownName = ({ name, path }: ILogFile): string => name ?? path.split('/').pop() ?? path;

/** Search, count and jump left; which file, wrap, raw, copy and download right. */
export function LogToolbar(props: ILogToolbarProps): React.JSX.Element {
  const { search, onGo, files, path, onPath, wrap, onWrap, raw, onRaw, onCopy, download, times } =
    props;
  const none = search.query.text === '' || search.invalid;
  return (
    <div className="jp-ml-log-bar" role="toolbar" aria-label={trans.__('Log')}>
      <SearchField {...props} />
      <span className="jp-ml-log-count jp-ml-small jp-ml-dim jp-ml-num" role="status">
        {countText(search, props.count)}
      </span>
      <IconButton
        icon="up"
        label={trans.__('Previous match')}
        disabled={none}
        onClick={() => onGo(-1)}
      />
      <IconButton
        icon="down"
        label={trans.__('Next match')}
        disabled={none}
        onClick={() => onGo(1)}
      />
      <span className="jp-ml-grow" />
      {files.length > 1 && (
        <label className="jp-ml-dim jp-ml-log-file">
          {trans.__('Show')}
          <select
            className="jp-ml-select"
            value={path}
            onChange={event => onPath(event.target.value)}
          >
            {files.map(file => (
              <option key={file.path} value={file.path}>
                {shownName(file)}
              </option>
            ))}
          </select>
        </label>
      )}
      <IconButton
        icon="wrap"
        label={trans.__('Wrap lines (W)')}
        pressed={wrap}
        onClick={() => onWrap(!wrap)}
      />
      <IconButton
        icon="clock"
        label={trans.__('Show when lines were printed')}
        pressed={times}
        onClick={() => props.onTimes(!times)}
      />
      <button
        type="button"
        className="jp-ml-btn jp-ml-btn-quiet jp-ml-log-raw"
        aria-pressed={raw}
        title={trans.__('Show the bytes as they are, control characters too')}
        onClick={() => onRaw(!raw)}
      >
        {trans.__('Raw')}
      </button>
      <IconButton
        icon="copy"
        label={trans.__('Copy the selection, or all lines loaded')}
        onClick={onCopy}
      />
      {download && (
        <a
          className="jp-ml-btn jp-ml-btn-icon"
          href={download}
          download
          title={trans.__('Download, %1', formatSize(props.size))}
          aria-label={trans.__('Download, %1', formatSize(props.size))}
        >
          <Icon name="download" />
        </a>
      )}
    </div>
  );
}
