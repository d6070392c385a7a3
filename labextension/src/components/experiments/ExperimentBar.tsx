import React, { useCallback, useRef, useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IExperimentColumns } from '../../model/types';
import { BoardButton } from '../board/BoardButton';
import { ColumnPicker } from '../compare/ColumnPicker';
import { toggleFilter, type IFilter } from '../sidebar/filters';
import { filterMenu, loadChoices } from '../sidebar/menus';
import type { ISidebarHost } from '../sidebar/host';
import { SearchBar } from '../sidebar/SearchBar';
import { Button } from '../ui/Button';
import { Chip } from '../ui/Chip';
import { chartMenu, choices } from './choices';
import type { IOpenMenu } from './menu';
import type { IExperimentView } from './view';

interface IExperimentBarProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  /** Ids of the first runs in the table. */
  readonly shown: readonly string[];
  readonly known: IExperimentColumns | null;
  readonly view: IExperimentView;
  readonly onChange: (change: Partial<IExperimentView>) => void;
  /** How many runs match; null: not known yet. */
  readonly total: number | null;
  readonly inputRef: React.RefObject<HTMLInputElement>;
  readonly onMenu: (menu: IOpenMenu) => void;
  /** The search field is left for the table. */
  readonly onLeave: () => void;
}

const below = (element: Element): IOpenMenu['at'] => {
  const box = element.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 2 };
};

/** Search with its filters. */
function Search(props: IExperimentBarProps): React.JSX.Element {
  const { source, view, onChange, onMenu } = props;
  const showFilters = async (at: IOpenMenu['at']): Promise<void> => {
    const known = { ...(await loadChoices(source)), experiments: [] };
    const entries = filterMenu(view.filters, known, filter =>
      onChange({ filters: toggleFilter(view.filters, filter) })
    );
    onMenu({ label: trans.__('Filter'), at, entries });
  };
  const onSearch = useCallback(
    (text: string, filters: readonly IFilter[]) => onChange({ text, filters }),
    [onChange]
  );
  return (
    <div className="jp-ml-xp-search">
      <SearchBar
        text={view.text}
        filters={view.filters}
        onChange={onSearch}
        onFilterMenu={at => void showFilters(at)}
        onLeave={props.onLeave}
        inputRef={props.inputRef}
      />
    </div>
  );
}

/** The button that opens the list of columns. */
function Columns({ known, view, onChange }: IExperimentBarProps): React.JSX.Element {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button ref={button} kind="quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {trans.__('Columns')}
      </Button>
      {open && (
        <ColumnPicker
          label={trans.__('Columns')}
          anchor={button.current}
          columns={choices(known, view.columns)}
          chosen={view.columns}
          onChange={columns => onChange({ columns: columns ?? [] })}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** The button that adds charts, and a mark for each that is there. */
function Charts({ known, view, onChange, onMenu }: IExperimentBarProps): React.JSX.Element {
  return (
    <>
      <Button
        kind="quiet"
        icon="add"
        aria-haspopup="menu"
        disabled={!known?.metrics.length}
        onClick={event =>
          onMenu({
            label: trans.__('Add a chart'),
            at: below(event.currentTarget),
            entries: chartMenu(known, view, onChange)
          })
        }
      >
        {trans.__('Chart')}
      </Button>
      {view.charts.map(name => (
        <Chip
          key={name}
          label={name}
          onRemove={() => onChange({ charts: view.charts.filter(one => one !== name) })}
        />
      ))}
    </>
  );
}

/** Which runs are in the table, with what, and the charts above it. */
export function ExperimentBar(props: IExperimentBarProps): React.JSX.Element {
  const { source, host, view, onChange, total } = props;
  return (
    <div className="jp-ml-xp-bar">
      <Search {...props} />
      <Button
        kind="quiet"
        className="jp-ml-toggle"
        aria-pressed={view.archived}
        onClick={() => onChange({ archived: !view.archived })}
      >
        {trans.__('Archived')}
      </Button>
      <Columns {...props} />
      <Charts {...props} />
      <BoardButton
        {...{ source, host }}
        runs={props.shown}
        kind="quiet"
        title={trans.__('TensorBoard of the runs in the table, at most 100')}
      />
      <span className="jp-ml-dim jp-ml-num jp-ml-xp-total" role="status">
        {total !== null && trans._n('%2 run', '%2 runs', total, formatCount(total))}
      </span>
    </div>
  );
}
