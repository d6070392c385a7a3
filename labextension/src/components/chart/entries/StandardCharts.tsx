import React from 'react';
import { formatCount, formatMetric } from '../../../model/format';
import { trans } from '../../../model/language';
import { SERIES_COLOURS } from '../palette';
import { Histogram } from './Histogram';
import { SvgPlot } from './SvgPlot';
import {
  aucText,
  rangeOf,
  type IBin,
  type IClassCurves,
  type IPoint,
  type IPredictionBin
} from './standard';

/** The numbers of a chart, for those who want them. */
function Numbers({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  return (
    <details className="jp-ml-numbers">
      <summary>{trans.__('As a table')}</summary>
      {children}
    </details>
  );
}

/** How residuals are spread: a bar a bin, with the place of zero. */
export function ResidualsChart({ bins }: { readonly bins: readonly IBin[] }): React.JSX.Element {
  const x = rangeOf(bins.flatMap(bin => [bin.from, bin.to]));
  const most = Math.max(1, ...bins.map(bin => bin.count));
  const all = bins.reduce((sum, bin) => sum + bin.count, 0);
  return (
    <>
      <SvgPlot
        label={trans.__(
          'Residuals of %1 predictions, from %2 to %3',
          formatCount(all),
          formatMetric(x.min),
          formatMetric(x.max)
        )}
        x={x}
        y={{ min: 0, max: most * 1.05 }}
        xTitle={trans.__('residual')}
        yTitle={trans.__('count')}
      >
        {(px, py) => (
          <>
            {bins.map(bin => (
              <rect
                key={bin.from}
                className="jp-ml-svgplot-bar"
                x={px(bin.from) + 0.5}
                width={Math.max(1, px(bin.to) - px(bin.from) - 1)}
                y={py(bin.count)}
                height={Math.max(0, py(0) - py(bin.count))}
              >
                <title>
                  {`${formatMetric(bin.from)} … ${formatMetric(bin.to)}: ${formatCount(bin.count)}`}
                </title>
              </rect>
            ))}
            {x.min < 0 && x.max > 0 && (
              <path className="jp-ml-svgplot-zero" d={`M${px(0)} ${py(0)}V${py(most * 1.05)}`} />
            )}
          </>
        )}
      </SvgPlot>
      <Numbers>
        <Histogram
          edges={[...bins.map(bin => bin.from), bins[bins.length - 1]?.to ?? 0]}
          counts={bins.map(bin => bin.count)}
        />
      </Numbers>
    </>
  );
}

/** Average prediction against the true value with its error; on the dashed line both are equal. */
export function PredictionsChart({
  bins
}: {
  readonly bins: readonly IPredictionBin[];
}): React.JSX.Element {
  const middle = (bin: IBin): number => (bin.from + bin.to) / 2;
  const x = rangeOf(bins.flatMap(bin => [bin.from, bin.to]));
  const values = rangeOf(bins.flatMap(bin => [bin.average - bin.error, bin.average + bin.error]));
  const y = { min: Math.min(values.min, x.min), max: Math.max(values.max, x.max) };
  return (
    <SvgPlot
      label={trans.__('Average prediction against the true value in %1 bins', bins.length)}
      {...{ x, y }}
      xTitle={trans.__('true value')}
      yTitle={trans.__('average prediction ± error')}
    >
      {(px, py) => (
        <>
          <path
            className="jp-ml-svgplot-ideal"
            d={`M${px(x.min)} ${py(x.min)}L${px(x.max)} ${py(x.max)}`}
          />
          {bins.map(bin => (
            <g key={bin.from} className="jp-ml-svgplot-point">
              <path
                d={`M${px(middle(bin))} ${py(bin.average - bin.error)}V${py(bin.average + bin.error)}`}
              />
              <circle cx={px(middle(bin))} cy={py(bin.average)} r={3} />
              <title>
                {`${formatMetric(middle(bin))}: ${formatMetric(bin.average)} ± ${formatMetric(bin.error)} (${formatCount(bin.count)})`}
              </title>
            </g>
          ))}
          <path
            className="jp-ml-svgplot-line"
            d={bins
              .map((bin, i) => `${i === 0 ? 'M' : 'L'}${px(middle(bin))} ${py(bin.average)}`)
              .join('')}
          />
        </>
      )}
    </SvgPlot>
  );
}

const inkOf = (i: number): string => `var(--mlj-series-${(i % SERIES_COLOURS) + 1})`;
const UNIT = { min: 0, max: 1 };

function Curves(props: {
  readonly label: string;
  readonly curves: readonly { readonly name: string; readonly points: readonly IPoint[] }[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly diagonal?: boolean;
}): React.JSX.Element {
  return (
    <SvgPlot {...props} x={UNIT} y={UNIT} width={320}>
      {(px, py) => (
        <>
          {props.diagonal && (
            <path className="jp-ml-svgplot-ideal" d={`M${px(0)} ${py(0)}L${px(1)} ${py(1)}`} />
          )}
          {props.curves.map(({ name, points }, i) => (
            <path
              key={name}
              className="jp-ml-svgplot-line"
              style={{ stroke: inkOf(i) }}
              d={points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${px(x)} ${py(y)}`).join('')}
            />
          ))}
        </>
      )}
    </SvgPlot>
  );
}

/** ROC and precision against recall of each class. */
export function AccuracyChart({
  classes
}: {
  readonly classes: readonly IClassCurves[];
}): React.JSX.Element {
  return (
    <>
      <div className="jp-ml-svgplots">
        <Curves
          label={trans.__('ROC: %1', classes.map(aucText).join('; '))}
          curves={classes.map(({ label, roc }) => ({ name: label, points: roc }))}
          xTitle={trans.__('false positive rate')}
          yTitle={trans.__('true positive rate')}
          diagonal
        />
        <Curves
          label={trans.__('Precision against recall of %1 classes', classes.length)}
          curves={classes.map(({ label, precision }) => ({ name: label, points: precision }))}
          xTitle={trans.__('recall')}
          yTitle={trans.__('precision')}
        />
      </div>
      <ul className="jp-ml-legend" aria-label={trans.__('Classes')}>
        {classes.map((one, i) => (
          <li key={one.label}>
            <i className="jp-ml-swatch" style={{ borderColor: inkOf(i), background: inkOf(i) }} />
            {aucText(one)}
          </li>
        ))}
      </ul>
    </>
  );
}
