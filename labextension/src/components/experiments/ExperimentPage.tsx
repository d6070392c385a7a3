import React, { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isStoppable } from '../../model/state';
import type { IExperimentInfo, IRunSummary } from '../../model/types';
import { giveCommand } from '../data/actions';
import { useAsked } from '../data/useAsked';
import { useNow } from '../data/useNow';
import { colours } from '../chart/overlay/lines';
import { usePalette } from '../chart/palette';
import { filterMenu, loadChoices } from '../sidebar/menus';
import { filteredQuery, toggleFilter, type IFilter } from '../sidebar/filters';
import type { ISidebarHost } from '../sidebar/host';
import { SearchBar } from '../sidebar/SearchBar';
import { usePagedRuns } from '../sidebar/usePagedRuns';
import { usePinned } from '../sidebar/usePinned';
import { actByKey, runMenu, useRunActions } from '../sidebar/useRunActions';
import { Button } from '../ui/Button';
import { Chip } from '../ui/Chip';
import { EmptyState } from '../ui/EmptyState';
import { Menu, type MenuEntry } from '../ui/Menu';
import { SkeletonRows } from '../ui/Skeleton';
import { columnMenu } from './choices';
import { runColumns } from './columns';
import { ExperimentCharts } from './ExperimentCharts';
import { InlineText } from './InlineText';
import { RunTable } from './RunTable';
import { SelectionBar } from './SelectionBar';
import { StateBar } from './StateBar';
import type { ExperimentChange } from './change';
import { TagList } from './TagList';
import { useView } from './view';

/** Runs whose lines are in the charts; more cannot be told apart. */
const CHARTED = 20;
const CLOCK_MS = 1000;

export interface IExperimentPageProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly experiment: IExperimentInfo;
  readonly canWrite: boolean;
  readonly onBack: () => void;
  readonly onChanged: () => void;
}

interface IOpenMenu {
  readonly label: string;
  readonly at: { x: number; y: number };
  readonly entries: readonly MenuEntry[];
}

const below = (element: Element): { x: number; y: number } => {
  const box = element.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 2 };
};

function Head(props: IExperimentPageProps): React.JSX.Element {
  const { source, host, experiment: one, canWrite, onBack, onChanged } = props;
  const change = async (what: ExperimentChange): Promise<void> => {
    const args = { experiment: one.id, ...what };
    await giveCommand(source, host, 'updateExperiment', args);
    onChanged();
  };
  return (
    <div className="jp-ml-head jp-mod-short">
      <div className="jp-ml-head-title">
        <Button kind="link" onClick={onBack}>
          {trans.__('Experiments')}
        </Button>
        <span className="jp-ml-dim" aria-hidden="true">
          /
        </span>
        <h1 data-text={one.name} className="jp-ml-cut">
          {one.name}
        </h1>
        <StateBar counts={one.states} />
        <TagList tags={one.tags} onChange={canWrite ? tags => void change({ tags }) : undefined} />
        {canWrite && (
          <span className="jp-ml-acts">
            <Button onClick={() => void change({ archived: !one.archived })}>
              {one.archived ? trans.__('Bring back') : trans.__('Archive')}
            </Button>
          </span>
        )}
      </div>
      <div className="jp-ml-xp-about">
        <InlineText
          text={one.description ?? ''}
          label={trans.__('Description of %1', one.name)}
          empty={trans.__('Add a description')}
          onChange={canWrite ? text => void change({ description: text || null }) : undefined}
        />
      </div>
    </div>
  );
}

function useColours(runs: readonly IRunSummary[]): ReadonlyMap<string, number> {
  const painted = useRef<ReadonlyMap<string, number>>(new Map());
  return useMemo(() => {
    painted.current = colours(
      runs.map(run => run.id),
      painted.current
    );
    return painted.current;
  }, [runs]);
}

/** One experiment: its runs as a table with the columns, filters and charts that the person adds. */
export function ExperimentPage(props: IExperimentPageProps): React.JSX.Element {
  const { source, host, experiment } = props;
  const [view, change] = useView(experiment.id);
  const [selected, setSelected] = useState<ReadonlyMap<string, IRunSummary>>(new Map());
  const [menu, setMenu] = useState<IOpenMenu | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const now = useNow(CLOCK_MS);
  const palette = usePalette(root);
  const known = useAsked(
    () => source.query('experimentColumns', { experiment: experiment.id }),
    `${experiment.id} ${experiment.run_count} ${experiment.active_count}`
  ).value;
  const query = useMemo(
    () => ({
      ...filteredQuery(view.text, view.filters, view.archived),
      experiment: experiment.name,
      sort: view.sort,
      column: view.columns.filter(id => !id.startsWith('tag:'))
    }),
    [view, experiment.name]
  );
  const pages = usePagedRuns(source, query);
  const pinned = usePinned(source);
  const { actions } = useRunActions(source, host, pinned);
  const columns = useMemo(() => runColumns(view.columns), [view.columns]);
  const charted = useMemo(
    () =>
      view.charts.length === 0
        ? []
        : Array.from({ length: CHARTED }, (_, i) => pages.at(i)).flatMap(run => run ?? []),
    [pages, view.charts.length]
  );
  const painted = useColours(charted);
  const colourOf = useCallback(
    (run: string): string | undefined => {
      const at = painted.get(run);
      return at === undefined ? undefined : palette?.series[at % palette.series.length];
    },
    [painted, palette]
  );
  useEffect(() => setSelected(new Map()), [query.experiment, query.archived]);

  const chosen = [...selected.values()];
  const canWrite = props.canWrite && source.command !== undefined;
  const onSearch = useCallback(
    (text: string, filters: readonly IFilter[]) => change({ text, filters }),
    [change]
  );
  const showFilters = (at: { x: number; y: number }): void => {
    void loadChoices(source).then(choices =>
      setMenu({
        label: trans.__('Filter'),
        at,
        entries: filterMenu(view.filters, { ...choices, experiments: [] }, filter =>
          change({ filters: toggleFilter(view.filters, filter) })
        )
      })
    );
  };
  const showColumns = (at: { x: number; y: number }): void =>
    setMenu({
      label: trans.__('Columns'),
      at,
      entries: columnMenu(known, view.columns, next => change({ columns: next }))
    });
  const showCharts = (at: { x: number; y: number }): void =>
    setMenu({
      label: trans.__('Add a chart'),
      at,
      entries: (known?.metrics ?? []).map(name => ({
        label: name,
        checked: view.charts.includes(name),
        run: () =>
          change({
            charts: view.charts.includes(name)
              ? view.charts.filter(one => one !== name)
              : [...view.charts, name]
          })
      }))
    });
  const openMenu = (run: IRunSummary, at: { x: number; y: number }): void => {
    const runs = selected.has(run.id) ? chosen : [run];
    setMenu({ label: trans.__('Run'), at, entries: runMenu(runs, actions, host, canWrite) });
  };
  const onKey = (event: React.KeyboardEvent, run: IRunSummary | undefined): boolean => {
    if (event.key === '/') {
      input.current?.focus();
      return true;
    }
    const runs = run && !selected.has(run.id) ? [run] : chosen;
    return actByKey(event, runs, actions);
  };
  const filtered = view.text !== '' || view.filters.length > 0 || view.archived;
  return (
    <div ref={root} className="jp-ml-xp-one">
      <Head {...props} canWrite={canWrite} />
      <div className="jp-ml-xp-bar">
        <div className="jp-ml-xp-search">
          <SearchBar
            text={view.text}
            filters={view.filters}
            onChange={onSearch}
            onFilterMenu={showFilters}
            onLeave={() => root.current?.querySelector<HTMLElement>('[role=grid]')?.focus()}
            inputRef={input}
          />
        </div>
        <Button
          kind="quiet"
          className="jp-ml-toggle"
          aria-pressed={view.archived}
          onClick={() => change({ archived: !view.archived })}
        >
          {trans.__('Archived')}
        </Button>
        <Button
          kind="quiet"
          aria-haspopup="menu"
          onClick={event => showColumns(below(event.currentTarget))}
        >
          {trans.__('Columns')}
        </Button>
        <Button
          kind="quiet"
          icon="add"
          aria-haspopup="menu"
          disabled={!known?.metrics.length}
          onClick={event => showCharts(below(event.currentTarget))}
        >
          {trans.__('Chart')}
        </Button>
        {view.charts.map(name => (
          <Chip
            key={name}
            label={name}
            onRemove={() => change({ charts: view.charts.filter(one => one !== name) })}
          />
        ))}
        <span className="jp-ml-dim jp-ml-num jp-ml-xp-total" role="status">
          {pages.ready && trans._n('%2 run', '%2 runs', pages.total, formatCount(pages.total))}
        </span>
      </div>
      {view.charts.length > 0 && charted.length > 0 && (
        <ExperimentCharts
          source={source}
          runs={charted}
          colours={painted}
          names={view.charts}
          palette={palette}
          insertCell={host.insertCell}
        />
      )}
      {pages.error && !pages.ready && (
        <EmptyState title={trans.__('The runs could not be read.')} text={pages.error.message} />
      )}
      {!pages.ready && !pages.error && <SkeletonRows />}
      {pages.ready && pages.total === 0 && (
        <EmptyState
          title={filtered ? trans.__('No run matches.') : trans.__('No runs in this experiment.')}
        >
          {filtered && (
            <Button kind="link" onClick={() => change({ text: '', filters: [], archived: false })}>
              {trans.__('Clear all filters')}
            </Button>
          )}
        </EmptyState>
      )}
      {pages.ready && pages.total > 0 && (
        <RunTable
          pages={pages}
          columns={columns}
          sort={view.sort}
          onSort={sort => change({ sort })}
          selected={selected}
          onSelected={setSelected}
          onOpen={(run, pin) => (pin ? host.pinRun(run.id) : host.openRun(run.id))}
          onMenu={openMenu}
          onKey={onKey}
          colourOf={colourOf}
          now={now}
        />
      )}
      {chosen.length > 0 && (
        <SelectionBar
          source={source}
          host={host}
          runs={chosen}
          canWrite={canWrite}
          stoppable={chosen.filter(isStoppable).length}
          actions={actions}
          onClear={() => setSelected(new Map())}
        />
      )}
      {menu && <Menu {...menu} onClose={() => setMenu(null)} />}
    </div>
  );
}
