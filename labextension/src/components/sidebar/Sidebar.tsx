import React, { useCallback, useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IWorkspaceInfo } from '../../model/types';
import { FIRST_RUN_CODE } from '../data/actions';
import { ConnectionBanner } from '../data/ConnectionBanner';
import { IconButton } from '../ui/Button';
import { Menu, type MenuEntry } from '../ui/Menu';
import { toggleFilter, type IFilter } from './filters';
import type { ISidebarHost } from './host';
import { Machine } from './Machine';
import { filterMenu, loadChoices, panelMenu } from './menus';
import { RunsPane } from './RunsPane';
import { SearchBar } from './SearchBar';

export interface ISidebarProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  /** Workspaces to choose from; with less than two there is no choice. */
  readonly workspaces?: readonly IWorkspaceInfo[];
  readonly workspace?: string | null;
  readonly onWorkspace?: (id: string) => void;
  /** Whether the strip about this machine is there; true when absent. */
  readonly showMachine?: boolean;
}

interface IPlace {
  readonly x: number;
  readonly y: number;
}
interface IOpenMenu {
  readonly label: string;
  readonly at: IPlace;
  readonly entries: readonly MenuEntry[];
}
/** Shows a menu at a place of the window. */
export type ShowMenu = (label: string, at: IPlace, entries: readonly MenuEntry[]) => void;

function below(element: Element): IPlace {
  const box = element.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 2 };
}

function Head(props: {
  readonly host: ISidebarHost;
  readonly onMore: (at: IPlace) => void;
}): React.JSX.Element {
  const { insertCell } = props.host;
  return (
    <div className="jp-ml-panel-head">
      <h2 className="jp-ml-grow jp-ml-strong">{trans.__('Runs')}</h2>
      {insertCell && (
        <IconButton
          icon="add"
          label={trans.__('Insert code for a new run')}
          onClick={() => insertCell(FIRST_RUN_CODE)}
        />
      )}
      <IconButton
        icon="more"
        label={trans.__('More')}
        aria-haspopup="menu"
        onClick={event => props.onMore(below(event.currentTarget))}
      />
    </div>
  );
}

/** The panel of all runs: what runs and how well, then what waits and why, then what is over. */
export function Sidebar(props: ISidebarProps): React.JSX.Element {
  const { source, host } = props;
  const [text, setText] = useState('');
  const [filters, setFilters] = useState<readonly IFilter[]>([]);
  const [archived, setArchived] = useState(false);
  const [menu, setMenu] = useState<IOpenMenu | null>(null);
  const [attempt, setAttempt] = useState(0);
  const listRef = useRef<HTMLDivElement>(null);
  const inputRef = useRef<HTMLInputElement>(null);

  const showMenu = useCallback<ShowMenu>(
    (label, at, entries) => setMenu({ label, at, entries }),
    []
  );
  const onSearch = useCallback((next: string, set: readonly IFilter[]) => {
    setText(next);
    setFilters(set);
  }, []);
  const showFilters = (at: IPlace): void => {
    void loadChoices(source).then(choices =>
      showMenu(
        trans.__('Filter'),
        at,
        filterMenu(filters, choices, filter => setFilters(toggleFilter(filters, filter)))
      )
    );
  };
  const toggleArchived = (): void => setArchived(!archived);

  return (
    <div className="jp-ml-root jp-ml-sidebar">
      <Head
        host={host}
        onMore={at => showMenu(trans.__('Panel'), at, panelMenu(props, archived, toggleArchived))}
      />
      <ConnectionBanner source={source} />
      <SearchBar
        text={text}
        filters={filters}
        onChange={onSearch}
        onFilterMenu={showFilters}
        onLeave={() => listRef.current?.focus()}
        inputRef={inputRef}
      />
      {archived && <p className="jp-ml-note">{trans.__('Only archived runs are shown.')}</p>}
      <RunsPane
        key={attempt}
        source={source}
        host={host}
        text={text}
        filters={filters}
        archived={archived}
        onSearch={onSearch}
        onRetry={() => setAttempt(attempt + 1)}
        onSlash={() => inputRef.current?.focus()}
        showMenu={showMenu}
        listRef={listRef}
      />
      {props.showMachine !== false && <Machine source={source} host={host} />}
      {menu && <Menu {...menu} onClose={() => setMenu(null)} />}
    </div>
  );
}
