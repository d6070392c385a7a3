import React, { useMemo, useState, type RefObject } from 'react';
import type { IComparison } from '../../model/compare';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SearchField } from '../ui/SearchField';
import { CompareBar } from './CompareBar';
import { ChartsOfMany } from './CompareChart';
import { ComparePlots, inRanges } from './ComparePlots';
import { CompareTable } from './CompareTable';
import { ROW_PX } from './Grid';
import { RunsLegend } from './RunsLegend';
import type { ICompareContent } from './content';
import type { ITable } from './table';
import { useComparedSeries } from './useComparison';

export interface IPanelProps {
  /** The page. */
  readonly place: RefObject<Element>;
  readonly source: IRunSource;
  readonly host: IViewHost;
  readonly comparison: IComparison;
  readonly table: ITable;
  readonly content: ICompareContent;
  readonly onChange: (change: Partial<ICompareContent>) => void;
  /** Px of the page. */
  readonly width: number;
  readonly height: number;
  readonly focus: string | null;
  readonly onFocus: (id: string | null) => void;
  readonly onOpen: (id: string) => void;
  readonly colourOf: (id: string) => number;
}

const LEAST_PX = 240;
/** Heights of what is above and around the charts. */
const ABOVE_PX = 48 + 32 + 41 + 2;
const AROUND_PX = 108;
const TABLE_SHARE = 0.6;
const SMALL_CHART_PX = 160;
/** Charts on the tab of metrics at a time. */
const MOST_CHARTS = 12;
const NARROW_PX = 960;

const toggled = (list: readonly string[], id: string): readonly string[] =>
  list.includes(id) ? list.filter(one => one !== id) : [...list, id];

/** The runs that are drawn: those that pass the filters, are in range and not hidden. */
function useDrawn({ comparison, table, content }: IPanelProps): IComparison['runs'] {
  return useMemo(() => {
    const within = inRanges(table, content, comparison.runs.length);
    return table.runs.flatMap(at => {
      const run = comparison.runs[at];
      return run && within[at] && !content.hidden.includes(run.id) ? [run] : [];
    });
  }, [comparison, table, content]);
}

/** Whether a run has no value of any metric. */
const isEmpty = ({ metrics }: IComparison, run: number): boolean =>
  metrics.every(metric => metric.best[run] === null && metric.last[run] === null);

/** The table of a comparison with everything that is done in it. */
export function TableOf(
  props: IPanelProps & { readonly label: string; readonly across?: boolean }
): React.JSX.Element {
  const { comparison, table, content, onChange, colourOf } = props;
  return (
    <CompareTable
      {...{ comparison, table }}
      label={props.label}
      across={props.across ?? content.across}
      sort={content.sort}
      hidden={new Set(content.hidden)}
      empty={new Set(comparison.runs.filter((_, i) => isEmpty(comparison, i)).map(run => run.id))}
      colours={comparison.runs.map(run => colourOf(run.id))}
      focus={props.focus}
      width={props.width}
      onSort={sort => onChange({ sort })}
      onToggle={id => onChange({ hidden: toggled(content.hidden, id) })}
      onFocus={props.onFocus}
      onOpen={props.onOpen}
      onRemove={id => onChange({ runs: content.runs.filter(one => one !== id) })}
    />
  );
}

function MetricChoice({
  comparison,
  value,
  onChange
}: IPanelProps & { readonly value: string }): React.JSX.Element {
  return (
    <select
      className="jp-ml-select jp-ml-strong"
      aria-label={trans.__('Metric of the chart')}
      value={value}
      onChange={event => onChange({ chart: event.target.value })}
    >
      {comparison.metrics.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

/** Table above, curves and parameters below; all three share colours, selection and what is in range. */
export function SummaryPanel(props: IPanelProps): React.JSX.Element {
  const { source, comparison, table, content, onChange, focus, colourOf } = props;
  const [narrow, setNarrow] = useState<'curves' | 'plot'>('curves');
  const runs = useDrawn(props);
  const metric =
    comparison.metrics.find(one => one.name === content.chart)?.name ??
    table.primary ??
    comparison.metrics[0]?.name;
  const live = comparison.runs.some(run => !isEnded(run.status));
  const series = useComparedSeries(source, content.runs, metric ? [metric] : [], live, props.place);
  const both = props.width >= NARROW_PX;
  const lines = content.across ? table.columns.length : table.runs.length;
  const tablePx = Math.min(32 + lines * ROW_PX, TABLE_SHARE * (props.height - 80));
  const height = Math.max(LEAST_PX, props.height - ABOVE_PX - tablePx - AROUND_PX);
  const which = !both && (
    <span className="jp-ml-segment" role="group" aria-label={trans.__('Curves or parameters')}>
      <Button aria-pressed={narrow === 'curves'} onClick={() => setNarrow('curves')}>
        {trans.__('Curves')}
      </Button>
      <Button aria-pressed={narrow === 'plot'} onClick={() => setNarrow('plot')}>
        {trans.__('Parameters')}
      </Button>
    </span>
  );
  return (
    <>
      <CompareBar {...{ table, content, onChange }} />
      {table.runs.length === 0 ? (
        <EmptyState
          title={trans.__('No run matches.')}
          text={trans._n(
            '%1 run matches without the filters.',
            '%1 runs match without the filters.',
            comparison.runs.length
          )}
        >
          <Button onClick={() => onChange({ filters: [] })}>
            {trans.__('Remove the filters')}
          </Button>
        </EmptyState>
      ) : (
        <TableOf {...props} label={trans.__('Runs side by side')} />
      )}
      <div className={both ? 'jp-ml-compare-below jp-mod-both' : 'jp-ml-compare-below'}>
        {(both || narrow === 'curves') &&
          (metric === undefined ? (
            <div className="jp-ml-compare-charts">
              <div className="jp-ml-compare-controls">{which}</div>
              <EmptyState
                title={trans.__('No metrics yet.')}
                text={trans.__('These runs have logged no numbers.')}
              />
            </div>
          ) : (
            <ChartsOfMany
              {...{ source, runs, colourOf, focus }}
              metrics={[metric]}
              name="compare"
              series={series.value ?? {}}
              height={height}
              insertCell={props.host.insertCell}
            >
              {which}
              <MetricChoice {...props} value={metric} />
            </ChartsOfMany>
          ))}
        {(both || narrow === 'plot') && (
          <ComparePlots
            {...{ table, content, onChange, focus, colourOf }}
            runs={comparison.runs}
            onFocus={props.onFocus}
            onOpen={props.onOpen}
            height={height + 20}
          >
            {which}
          </ComparePlots>
        )}
      </div>
    </>
  );
}

/** A chart for each metric, with all runs in it. */
export function CurvesPanel(props: IPanelProps): React.JSX.Element {
  const { source, comparison, content, focus, colourOf } = props;
  const [text, setText] = useState('');
  const runs = useDrawn(props);
  const named = props.table.runs.flatMap(at => comparison.runs[at] ?? []);
  const live = comparison.runs.some(run => !isEnded(run.status));
  const low = text.toLowerCase();
  const matching = comparison.metrics.filter(one => one.name.toLowerCase().includes(low));
  const names = matching.slice(0, MOST_CHARTS).map(one => one.name);
  const series = useComparedSeries(source, content.runs, names, live, props.place);
  return (
    <ChartsOfMany
      {...{ source, runs, colourOf, focus }}
      metrics={names}
      name="compare"
      series={series.value ?? {}}
      height={SMALL_CHART_PX}
      insertCell={props.host.insertCell}
      legend={
        <RunsLegend
          runs={named}
          hidden={content.hidden}
          colourOf={colourOf}
          onToggle={id => props.onChange({ hidden: toggled(content.hidden, id) })}
          onFocus={props.onFocus}
        />
      }
    >
      <SearchField
        label={trans.__('Find a metric')}
        placeholder={trans.__('Find a metric')}
        text={text}
        onChange={setText}
      />
      <span className="jp-ml-small jp-ml-dim jp-ml-num" role="status">
        {trans.__('%1 of %2 metrics', names.length, comparison.metrics.length)}
      </span>
    </ChartsOfMany>
  );
}
