import React from 'react';
import { trans } from '../../model/language';
import type { IRunColumn } from './columns';

interface IRunHeadsProps {
  readonly columns: readonly IRunColumn[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  /** As in `grid-template-columns`. */
  readonly template: string;
}

type IHeadProps = Pick<IRunHeadsProps, 'sort' | 'onSort'> & { readonly column: IRunColumn };

function Head({ column, sort, onSort }: IHeadProps): React.JSX.Element {
  const { title, sort: key, right } = column;
  const down = key !== undefined && sort === `-${key}`;
  const up = key !== undefined && sort === key;
  return (
    <span
      role="columnheader"
      className={right ? 'jp-ml-right' : undefined}
      aria-sort={up ? 'ascending' : down ? 'descending' : undefined}
    >
      {key === undefined ? (
        <span className="jp-ml-cut" title={title}>
          {title}
        </span>
      ) : (
        <button
          type="button"
          className="jp-ml-th jp-ml-cut"
          title={title}
          onClick={() => onSort(down ? key : `-${key}`)}
        >
          {title}
          <span aria-hidden="true">{up ? ' ▲' : down ? ' ▼' : ''}</span>
        </button>
      )}
    </span>
  );
}

/** The heads of the table's columns; pressed, they sort, the greatest first. */
export function RunHeads({ columns, template, ...rest }: IRunHeadsProps): React.JSX.Element {
  return (
    <div role="row" className="jp-ml-xp-heads" style={{ gridTemplateColumns: template }}>
      <span role="columnheader" aria-label={trans.__('Selected')} />
      {columns.map(column => (
        <Head key={column.id} column={column} {...rest} />
      ))}
    </div>
  );
}
