import React, { useMemo } from 'react';
import type { IMatch } from './search';
import type { LogStore } from './store';

/** Marks are drawn at so many heights at most. */
const PLACES = 400;

interface ILogRulerProps {
  readonly store: LogStore;
  readonly matches: readonly IMatch[];
  /** Lines in view, by number. */
  readonly first: number;
  readonly last: number;
  readonly onGo: (line: number) => void;
}

/** Heights, 0..1, at which these lines have a mark. */
function places(lines: readonly number[], first: number, length: number): number[] {
  const share = (line: number): number => (line - first) / Math.max(1, length);
  return [...new Set(lines.map(line => Math.round(share(line) * PLACES) / PLACES))];
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** The lines held at a glance: matches, errors, the part in view. A click goes there. Decorative for screen readers. */
export function LogRuler({ store, matches, first, last, onGo }: ILogRulerProps): React.JSX.Element {
  const { buffer, version } = store;
  const errors = useMemo(
    () => places(buffer.errors(), buffer.first, buffer.length),
    // The version stands for the buffer's content.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [buffer, version]
  );
  const found = places(
    matches.map(m => m.line),
    buffer.first,
    buffer.length
  );
  const length = Math.max(1, buffer.length);
  return (
    <div
      className="jp-ml-log-ruler"
      aria-hidden="true"
      onPointerDown={event => {
        const box = event.currentTarget.getBoundingClientRect();
        onGo(buffer.first + Math.floor(((event.clientY - box.top) / box.height) * buffer.length));
      }}
    >
      <b
        style={{
          top: percent((first - buffer.first) / length),
          height: percent(Math.min(1, (last - first + 1) / length))
        }}
      />
      {found.map(at => (
        <i key={`m${at}`} style={{ top: percent(at) }} />
      ))}
      {errors.map(at => (
        <i key={`e${at}`} className="jp-mod-error" style={{ top: percent(at) }} />
      ))}
    </div>
  );
}
