import React from 'react';
import { trans } from '../../model/language';
import type { ExperimentSort } from './search';

/** In which order experiments are: by what, and whether it is turned round. */
export interface IExperimentOrder {
  readonly by: ExperimentSort;
  readonly back: boolean;
}

interface IHead {
  readonly title: string;
  readonly by?: ExperimentSort;
  readonly right?: boolean;
  readonly room?: 'mid' | 'wide';
  /** What the order means where the title does not say it. */
  readonly order?: string;
}

const heads = (): readonly IHead[] => [
  { title: trans.__('Experiment'), by: 'name' },
  { title: trans.__('Active'), by: 'work' },
  { title: trans.__('Where'), room: 'mid' },
  { title: trans.__('Runs'), by: 'runs', right: true, room: 'mid' },
  { title: trans.__('States'), room: 'wide' },
  {
    title: trans.__('Best'),
    by: 'best',
    right: true,
    room: 'mid',
    order: trans.__('By metric, and within one the better first: for a loss, the lower')
  },
  { title: trans.__('Last run'), by: 'last', right: true },
  { title: trans.__('Tags'), room: 'wide' },
  { title: trans.__('Description'), room: 'wide' }
];

const classOf = ({ right, room }: IHead): string | undefined =>
  [right && 'jp-ml-right', room && `jp-ml-room-${room}`].filter(Boolean).join(' ') || undefined;

interface IExperimentHeadsProps {
  readonly order: IExperimentOrder;
  readonly onOrder: (order: IExperimentOrder) => void;
}

function HeadCell({ head, order, onOrder }: IExperimentHeadsProps & { readonly head: IHead }) {
  const { by, title } = head;
  const on = by !== undefined && by === order.by;
  const direction = order.back ? 'descending' : 'ascending';
  return (
    <th scope="col" className={classOf(head)} aria-sort={on ? direction : undefined}>
      {by === undefined ? (
        title
      ) : (
        <button
          type="button"
          className="jp-ml-th"
          title={head.order}
          onClick={() => onOrder({ by, back: on && !order.back })}
        >
          {title}
          <span aria-hidden="true">{on ? (order.back ? ' ▲' : ' ▼') : ''}</span>
        </button>
      )}
    </th>
  );
}

/** The heads of the list's columns; pressed, they sort. */
export function ExperimentHeads(props: IExperimentHeadsProps): React.JSX.Element {
  return (
    <thead>
      <tr>
        {heads().map(head => (
          <HeadCell key={head.title} {...props} head={head} />
        ))}
        <td className="jp-ml-room-mid" />
      </tr>
    </thead>
  );
}
