import React from 'react';

interface ISortHeadProps {
  readonly title: string;
  /** What is sorted by when it is pressed; absent: nothing can be. */
  readonly by?: string;
  /** The order in use: a key, with `-` before it for the greatest first. */
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly right?: boolean;
  /** There only where the page has room: from `mid` on, or only when it is `wide`. */
  readonly room?: 'mid' | 'wide';
}

/** The head of a table's column; pressed, it sorts by the column, and the other way round when it does already. */
export function SortHead(props: ISortHeadProps): React.JSX.Element {
  const { title, by, sort, onSort, right, room } = props;
  const down = by !== undefined && sort === `-${by}`;
  const up = by !== undefined && sort === by;
  return (
    <th
      scope="col"
      className={
        [right && 'jp-ml-right', room && `jp-ml-room-${room}`].filter(Boolean).join(' ') ||
        undefined
      }
      aria-sort={up ? 'ascending' : down ? 'descending' : undefined}
    >
      {by === undefined ? (
        title
      ) : (
        <button type="button" className="jp-ml-th" onClick={() => onSort(up ? `-${by}` : by)}>
          {title}
          <span aria-hidden="true">{up ? ' ▲' : down ? ' ▼' : ''}</span>
        </button>
      )}
    </th>
  );
}
