import React, { useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IExperimentInfo } from '../../model/types';
import { MOST_BOARD_RUNS } from '../board/BoardButton';
import { useAsked } from '../data/useAsked';
import type { ISidebarHost } from '../sidebar/host';
import type { IRunPages } from '../sidebar/rows';
import { Menu } from '../ui/Menu';
import { ViewBar, ViewMessages } from '../views/ViewBar';
import { ExperimentBar } from './ExperimentBar';
import { ExperimentHead } from './ExperimentHead';
import { ExperimentPlots } from './ExperimentPlots';
import { ExperimentRuns, NoRuns } from './ExperimentRuns';
import type { IOpenMenu } from './menu';
import { useCharted } from './useCharted';
import { useTable } from './useTable';
import { useView } from './useView';

export interface IExperimentPageProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly experiment: IExperimentInfo;
  readonly canWrite: boolean;
  /** Id of the saved view to open; null: what the browser has kept. */
  readonly opened: string | null;
  readonly workspace: string | null;
  readonly onBack: () => void;
  readonly onChanged: () => void;
  /** A saved view of another experiment was chosen. */
  readonly onElsewhere: (experiment: string, view: string) => void;
}

/** The address of an experiment, at a saved view. */
function linkOf(props: IExperimentPageProps, view: string | null): string | null {
  const query = new URLSearchParams({ experiment: props.experiment.name });
  if (view !== null) {
    query.set('view', view);
  }
  if (props.workspace !== null) {
    query.set('ml-workspace', props.workspace);
  }
  return props.source.pageUrl(`lab?${query}`);
}

/** One experiment: its runs as a table with the columns, filters and charts that the person adds. */
export function ExperimentPage(props: IExperimentPageProps): React.JSX.Element {
  const { source, host, experiment } = props;
  const [menu, setMenu] = useState<IOpenMenu | null>(null);
  const [root, input] = [useRef<HTMLDivElement>(null), useRef<HTMLInputElement>(null)];
  const { onElsewhere, opened: first } = props;
  const { view, change, saved: state } = useView({ source, experiment, first, onElsewhere });
  const canWrite = props.canWrite && source.command !== undefined;
  const saved = { ...state, canWrite: state.canWrite && canWrite };
  const known = useAsked(
    () => source.query('experimentColumns', { experiment: experiment.id }),
    `${experiment.id} ${experiment.run_count} ${experiment.active_count}`
  ).value;
  const table = useTable(source, experiment.name, view);
  const charted = useCharted(root, table.pages, view);
  const link = linkOf(props, saved.edited ? null : (saved.view?.id ?? null));
  const { ready, total } = table.pages;
  const shared = { ...props, canWrite, view, known, onChange: change, onMenu: setMenu };
  return (
    <div ref={root} className="jp-ml-xp-one">
      <ExperimentHead
        {...{ ...props, canWrite }}
        note={noteOf(saved)}
        views={more => <ViewBar {...{ saved, host, link, more }} />}
      />
      <ViewMessages {...{ saved, host, link }} />
      <ExperimentBar
        {...shared}
        total={ready ? total : null}
        shown={firstOf(table.pages)}
        inputRef={input}
        onLeave={() => root.current?.querySelector<HTMLElement>('[role=grid]')?.focus()}
      />
      <ExperimentPlots {...shared} charted={charted} total={total} />
      {ready && total > 0 ? (
        <ExperimentRuns
          {...{ ...shared, table }}
          colourOf={charted.colourOf}
          onSearch={() => input.current?.focus()}
        />
      ) : (
        <NoRuns pages={table.pages} view={view} onChange={change} />
      )}
      {menu && <Menu {...menu} onClose={() => setMenu(null)} />}
    </div>
  );
}

/** Ids of the first runs in the table: those that it has for sure. */
function firstOf(pages: IRunPages): string[] {
  const first = Array.from({ length: Math.min(pages.total, MOST_BOARD_RUNS) }, (_, i) =>
    pages.at(i)
  );
  return first.flatMap(run => (run ? [run.id] : []));
}

/** Which saved view is shown, and whether it was changed since. */
function noteOf({ view, edited, canWrite }: ReturnType<typeof useView>['saved']): string {
  return [
    view?.name ?? '',
    view && edited ? trans.__('edited') : '',
    view && !canWrite ? trans.__('you may look at it') : ''
  ]
    .filter(Boolean)
    .join(', ');
}
