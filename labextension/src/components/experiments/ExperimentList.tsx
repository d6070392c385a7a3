import React, { useMemo, useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IExperimentInfo } from '../../model/types';
import { useNow } from '../data/useNow';
import type { ISidebarHost } from '../sidebar/host';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SearchField } from '../ui/SearchField';
import { SkeletonRows } from '../ui/Skeleton';
import { ExperimentHeads, type IExperimentOrder } from './ExperimentHeads';
import { ExperimentRow } from './ExperimentRow';
import { NoExperiments } from './NoExperiments';
import { searchExperiments, sortExperiments } from './search';
import { useExperiments } from './useExperiments';

const CLOCK_MS = 10_000;
const FIRST_ORDER: IExperimentOrder = { by: 'work', back: false };

interface IExperimentListProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly onOpen: (experiment: IExperimentInfo) => void;
}

interface IChosen {
  readonly text: string;
  readonly archived: boolean;
}

function Head(props: {
  readonly count: number | null;
  readonly chosen: IChosen;
  readonly onChosen: (chosen: IChosen) => void;
}): React.JSX.Element {
  const { count, chosen, onChosen } = props;
  const { archived } = chosen;
  return (
    <div className="jp-ml-head jp-mod-short">
      <div className="jp-ml-head-title">
        <h1 data-text={trans.__('Experiments')}>{trans.__('Experiments')}</h1>
        <span className="jp-ml-dim jp-ml-num">{count !== null && formatCount(count)}</span>
      </div>
      <div className="jp-ml-xp-bar" role="search">
        <SearchField
          label={trans.__('Search experiments')}
          placeholder={trans.__('Search name, tag, description or person')}
          text={chosen.text}
          onChange={text => onChosen({ ...chosen, text })}
        />
        <Button
          kind="quiet"
          aria-pressed={archived}
          className="jp-ml-toggle"
          onClick={() => onChosen({ ...chosen, archived: !archived })}
        >
          {trans.__('Archived')}
        </Button>
      </div>
    </div>
  );
}

interface IFoundProps extends IExperimentListProps {
  readonly shown: readonly IExperimentInfo[];
  readonly canWrite: boolean;
  readonly order: IExperimentOrder;
  readonly onOrder: (order: IExperimentOrder) => void;
  readonly onChanged: () => void;
}

function Found(props: IFoundProps): React.JSX.Element {
  const now = useNow(CLOCK_MS);
  return (
    <table className="jp-ml-table jp-ml-xp-table">
      <ExperimentHeads order={props.order} onOrder={props.onOrder} />
      <tbody>
        {props.shown.map(one => (
          <ExperimentRow key={one.id} {...props} {...{ one, now }} />
        ))}
      </tbody>
    </table>
  );
}

/** All experiments: what is at work in them, how well they do, and what they are about. */
export function ExperimentList(props: IExperimentListProps): React.JSX.Element {
  const [chosen, setChosen] = useState<IChosen>({ text: '', archived: false });
  const [order, setOrder] = useState(FIRST_ORDER);
  const { text, archived } = chosen;
  const { all, canWrite, error, refresh } = useExperiments(props.source, archived);
  const shown = useMemo(
    () => sortExperiments(searchExperiments(all ?? [], text), order.by, order.back),
    [all, text, order]
  );
  const none = error?.code === 'no_workspace' || (all !== null && shown.length === 0);
  const shared = { shown, order, onOrder: setOrder, onChanged: refresh };
  return (
    <>
      <Head count={all && all.length} chosen={chosen} onChosen={setChosen} />
      <div className="jp-ml-xp-body">
        {error && !all && !none && (
          <EmptyState title={trans.__('Experiments could not be read.')} text={error.message}>
            <Button onClick={refresh}>{trans.__('Try again')}</Button>
          </EmptyState>
        )}
        {!all && !error && <SkeletonRows />}
        {none && (
          <NoExperiments
            {...{ host: props.host, text, archived }}
            onClear={() => setChosen({ ...chosen, text: '' })}
          />
        )}
        {shown.length > 0 && (
          <Found {...props} {...shared} canWrite={canWrite && props.source.command !== undefined} />
        )}
      </div>
    </>
  );
}
