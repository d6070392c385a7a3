import React, { useEffect, useMemo, useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isStoppable } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import { useNow } from '../data/useNow';
import type { ISidebarHost } from '../sidebar/host';
import { usePinned } from '../sidebar/usePinned';
import { actByKey, runMenu, useRunActions } from '../sidebar/useRunActions';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { runColumns } from './columns';
import type { IOpenMenu } from './menu';
import { RunTable } from './RunTable';
import { SelectionBar } from './SelectionBar';
import type { ITableState } from './useTable';
import type { IExperimentView } from './view';

const CLOCK_MS = 1000;

/** Why the table has no rows. */
export function NoRuns(props: {
  readonly pages: ITableState['pages'];
  readonly view: IExperimentView;
  readonly onChange: (change: Partial<IExperimentView>) => void;
}): React.JSX.Element | null {
  const { pages, view, onChange } = props;
  if (!pages.ready) {
    return pages.error ? (
      <EmptyState title={trans.__('The runs could not be read.')} text={pages.error.message} />
    ) : (
      <SkeletonRows />
    );
  }
  const filtered = view.text !== '' || view.filters.length > 0 || view.archived;
  return (
    <EmptyState
      title={filtered ? trans.__('No run matches.') : trans.__('No runs in this experiment.')}
    >
      {filtered && (
        <Button kind="link" onClick={() => onChange({ text: '', filters: [], archived: false })}>
          {trans.__('Clear all filters')}
        </Button>
      )}
    </EmptyState>
  );
}

interface IExperimentRunsProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly canWrite: boolean;
  readonly table: ITableState;
  readonly view: IExperimentView;
  readonly onChange: (change: Partial<IExperimentView>) => void;
  readonly onMenu: (menu: IOpenMenu) => void;
  readonly onSearch: () => void;
  readonly colourOf: (run: string) => string | undefined;
}

/** The table, with what is done to its runs. */
export function ExperimentRuns(props: IExperimentRunsProps): React.JSX.Element {
  const { source, host, canWrite, table, view, onChange } = props;
  const [selected, setSelected] = useState<ReadonlyMap<string, IRunSummary>>(new Map());
  useEffect(() => setSelected(new Map()), [view.archived]);
  const { actions } = useRunActions(source, host, usePinned(source));
  const columns = useMemo(() => runColumns(view.columns), [view.columns]);
  const now = useNow(CLOCK_MS);
  const chosen = [...selected.values()];
  const onMenu = (run: IRunSummary, at: IOpenMenu['at']): void => {
    const runs = selected.has(run.id) ? chosen : [run];
    const entries = runMenu(runs, actions, host, canWrite);
    props.onMenu({ label: trans.__('Run'), at, entries });
  };
  const onKey = (event: React.KeyboardEvent, run: IRunSummary | undefined): boolean => {
    if (event.key === '/') {
      props.onSearch();
      return true;
    }
    return actByKey(event, run && !selected.has(run.id) ? [run] : chosen, actions);
  };
  return (
    <>
      <RunTable
        {...{ columns, selected, onMenu, onKey, now }}
        pages={table.pages}
        sort={view.sort}
        onSort={sort => onChange({ sort })}
        onSelected={setSelected}
        onOpen={(run, pin) => (pin ? host.pinRun(run.id) : host.openRun(run.id))}
        colourOf={props.colourOf}
      />
      {chosen.length > 0 && (
        <SelectionBar
          {...{ source, host, canWrite, actions }}
          runs={chosen}
          stoppable={chosen.filter(isStoppable).length}
          onClear={() => setSelected(new Map())}
        />
      )}
    </>
  );
}
