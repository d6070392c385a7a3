import React, { useMemo, useRef } from 'react';
import { formatCount, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import { bestSoFar, type ISweep, type ITrial } from '../../model/trials';
import { useWidth } from '../run/useWidth';
import { bestPlot, markPath, nearestMark, type IPlacedStep, type MarkShape } from './bestPlot';

interface IBestChartProps {
  readonly sweep: ISweep;
  readonly trials: readonly ITrial[];
  readonly focus: string | null;
  readonly onFocus: (id: string | null) => void;
  readonly onOpen?: (id: string) => void;
  /** Px. */
  readonly height: number;
  /** Without the words below it. */
  readonly compact?: boolean;
}

const SHAPES: readonly MarkShape[] = ['disc', 'ring', 'cross'];

function shapeWord(shape: MarkShape): string {
  switch (shape) {
    case 'disc':
      return trans.__('completed');
    case 'ring':
      return trans.__('under way');
    default:
      return trans.__('failed or stopped');
  }
}

function Key({ shape }: { readonly shape: MarkShape }): React.JSX.Element {
  return (
    <span className="jp-ml-best-key">
      <svg width={10} height={10} aria-hidden="true">
        <path className={`jp-ml-best-${shape}`} d={markPath({ x: 5, y: 5, shape })} />
      </svg>
      {shapeWord(shape)}
    </span>
  );
}

/** What the marks mean, and how many trials have none. */
function Legend(props: {
  readonly marks: readonly IPlacedStep[];
  readonly without: number;
  readonly metric: string;
}): React.JSX.Element {
  const { marks, without, metric } = props;
  return (
    <p className="jp-ml-best-legend">
      <span className="jp-ml-best-key">
        <svg width={16} height={10} aria-hidden="true">
          <path className="jp-ml-best-line" d="M0 8H8V3H16" />
        </svg>
        {trans.__('best so far')}
      </span>
      {SHAPES.filter(shape => marks.some(mark => mark.shape === shape)).map(shape => (
        <Key key={shape} shape={shape} />
      ))}
      {without > 0 && (
        <span>{trans._n('%1 trial without %2', '%1 trials without %2', without, metric)}</span>
      )}
    </p>
  );
}

/** The value of each trial in the order they were tried, and the best one so far as a line of steps. */
export function BestChart(props: IBestChartProps): React.JSX.Element {
  const { sweep, trials, focus, onFocus, onOpen, height, compact = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const steps = useMemo(() => bestSoFar(sweep.goal, trials), [sweep.goal, trials]);
  const last = Math.max(1, trials.length - 1, trials[trials.length - 1]?.trial ?? 0);
  const plot = useMemo(() => bestPlot(steps, last, width, height), [steps, last, width, height]);
  const { frame, marks } = plot;
  const focused = marks.find(mark => mark.trial.run_id === focus) ?? null;
  const final = steps[steps.length - 1];
  const at = (event: React.PointerEvent<SVGSVGElement>): IPlacedStep | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearestMark(marks, event.clientX - box.left, event.clientY - box.top);
  };
  const summary = final
    ? trans.__(
        '%1 by trial: %2 trials with a value, best %3',
        sweep.metric,
        formatCount(steps.length),
        formatMetric(final.best)
      )
    : trans.__('%1 by trial: no trial has logged it yet', sweep.metric);
  return (
    <figure className="jp-ml-best">
      <figcaption className="jp-ml-chart-head">
        <span className="jp-ml-cut">{trans.__('%1 by trial', sweep.metric)}</span>
        <span className="jp-ml-chart-value" aria-hidden="true">
          {focused
            ? `${focused.trial.display_name}: ${formatMetric(focused.value)}`
            : final
              ? formatMetric(final.best)
              : ''}
        </span>
      </figcaption>
      <div ref={place}>
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={summary}
          className={focused && onOpen ? 'jp-mod-over' : undefined}
          onPointerMove={event => onFocus(at(event)?.trial.run_id ?? null)}
          onPointerLeave={() => onFocus(null)}
          onClick={focused && onOpen ? () => onOpen(focused.trial.run_id) : undefined}
        >
          {plot.yTicks.map(tick => (
            <g key={tick.at}>
              <path className="jp-ml-best-grid" d={`M${frame.left} ${tick.at}H${frame.right}`} />
              <text x={frame.left - 6} y={tick.at + 3} textAnchor="end">
                {tick.label}
              </text>
            </g>
          ))}
          <path className="jp-ml-best-axis" d={`M${frame.left} ${frame.bottom}H${frame.right}`} />
          {plot.xTicks.map(tick => (
            <text key={tick.at} x={tick.at} y={frame.bottom + 14} textAnchor="middle">
              {tick.label}
            </text>
          ))}
          <path className="jp-ml-best-line" d={plot.line} />
          {SHAPES.map(shape => (
            <path
              key={shape}
              className={`jp-ml-best-${shape}`}
              d={marks
                .filter(mark => mark.shape === shape)
                .map(markPath)
                .join('')}
            />
          ))}
          {focused && <circle className="jp-ml-best-focus" cx={focused.x} cy={focused.y} r={6} />}
        </svg>
      </div>
      {!compact && (
        <Legend marks={marks} without={trials.length - steps.length} metric={sweep.metric} />
      )}
    </figure>
  );
}
