import React from 'react';
import { trans } from '../../model/language';
import { progressOf } from '../../model/state';
import type { IComparedRun } from '../../model/compare';
import { SERIES_COLOURS } from '../chart/palette';
import { plotNumber } from '../plots/columns';
import { MiddleText } from '../ui/MiddleText';
import { StateIcon } from '../ui/StateIcon';
import { textOf, type IColumn } from './columns';

interface IRunHeadProps {
  readonly run: IComparedRun;
  readonly colour: number;
  readonly hidden: boolean;
  /** It has nothing that could be drawn. */
  readonly empty: boolean;
  readonly baseline: boolean;
  readonly onToggle: () => void;
  readonly onOpen: () => void;
}

/** A run by its colour, state and name; the swatch shows and hides it in the charts. */
export function RunHead(props: IRunHeadProps): React.JSX.Element {
  const { run, colour, hidden } = props;
  const ink = `var(--mlj-series-${(colour % SERIES_COLOURS) + 1})`;
  const word = hidden
    ? trans.__('Show %1 in the charts', run.display_name)
    : trans.__('Hide %1 in the charts', run.display_name);
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        className="jp-ml-compare-swatch"
        aria-pressed={!hidden}
        aria-label={word}
        title={word}
        onClick={props.onToggle}
      >
        <i
          className={`jp-ml-swatch${colour >= SERIES_COLOURS ? ' jp-mod-dashed' : ''}`}
          style={{ borderColor: ink, background: hidden || props.empty ? 'none' : ink }}
        />
      </button>
      <StateIcon status={run.status} progress={progressOf(run)} />
      <button
        type="button"
        tabIndex={-1}
        className="jp-ml-compare-name"
        title={run.display_name}
        onClick={props.onOpen}
      >
        <MiddleText text={run.display_name} />
      </button>
      <span className="jp-ml-small jp-ml-dim jp-ml-num">{run.number}</span>
      {props.baseline && <span className="jp-ml-small jp-ml-dim">{trans.__('Baseline')}</span>}
    </>
  );
}

interface IColumnHeadProps {
  readonly column: IColumn;
  /** The order now. */
  readonly sort: string | null;
  readonly onSort: () => void;
}

/** Name of a column; a click sorts by it. */
export function ColumnHead({ column, sort, onSort }: IColumnHeadProps): React.JSX.Element {
  const up = sort === column.id;
  const down = sort === `-${column.id}`;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="jp-ml-compare-sort"
      title={column.label}
      onClick={onSort}
    >
      <span className="jp-ml-cut">{column.label}</span>
      {(up || down) && (
        <span aria-label={up ? trans.__('ascending') : trans.__('descending')}>
          {up ? '↑' : '↓'}
        </span>
      )}
    </button>
  );
}

interface IValueProps {
  readonly column: IColumn;
  readonly run: number;
  readonly best: number | undefined;
}

/** A value; the best of its column is bold, with the direction that is better. */
export function Value({ column, run, best }: IValueProps): React.JSX.Element {
  const value = column.values[run];
  const text = textOf(column, value);
  const isBest = best !== undefined && plotNumber(value) === best;
  return isBest ? (
    <span className="jp-ml-strong jp-ml-cut" title={text}>
      <span
        className="jp-ml-compare-arrow"
        aria-label={column.lower ? trans.__('lowest') : trans.__('highest')}
      >
        {column.lower ? '▼' : '▲'}
      </span>{' '}
      {text}
    </span>
  ) : (
    <span className="jp-ml-cut" title={text}>
      {text}
    </span>
  );
}
