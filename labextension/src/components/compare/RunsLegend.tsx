import React from 'react';
import type { IComparedRun } from '../../model/compare';
import { trans } from '../../model/language';
import { Swatch } from '../chart/overlay/Legend';
import { overlayName } from '../chart/overlay/lines';
import { MiddleText } from '../ui/MiddleText';

interface IRunsLegendProps {
  readonly runs: readonly IComparedRun[];
  readonly hidden: readonly string[];
  readonly colourOf: (id: string) => number;
  readonly onToggle: (id: string) => void;
  readonly onFocus: (id: string | null) => void;
}

/** More runs than this fill the page with their names; the cursor tells which line is which. */
const MOST_NAMED = 20;

/** Which line is which run: hovering one dims the others, a click hides it. */
export function RunsLegend(props: IRunsLegendProps): React.JSX.Element | null {
  const { runs, hidden, colourOf, onToggle, onFocus } = props;
  if (runs.length > MOST_NAMED) {
    return null;
  }
  return (
    <ul className="jp-ml-legend" aria-label={trans.__('Runs in the charts')}>
      {runs.map(({ id, display_name, number }) => (
        <li key={id} onPointerEnter={() => onFocus(id)} onPointerLeave={() => onFocus(null)}>
          <button
            type="button"
            className="jp-ml-legend-run"
            aria-pressed={!hidden.includes(id)}
            title={hidden.includes(id) ? trans.__('Show') : trans.__('Hide')}
            onClick={() => onToggle(id)}
          >
            <Swatch colour={colourOf(id)} hollow={hidden.includes(id)} />
            <MiddleText text={overlayName({ name: display_name, number })} />
          </button>
        </li>
      ))}
    </ul>
  );
}
