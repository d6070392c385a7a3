import React from 'react';
import { trans } from '../../model/language';
import { ChartControls } from '../chart/ChartControls';
import type { IChartSettings } from '../chart/settings';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import type { ColourBy, IChoice } from './colouring';
import type { DragMode } from './CurvesPlot';

interface ICurvesBarProps {
  readonly settings: IChartSettings;
  readonly onSettings: (change: Partial<IChartSettings>) => void;
  readonly choices: readonly IChoice[];
  readonly by: ColourBy;
  readonly onBy: (by: ColourBy) => void;
  readonly drag: DragMode;
  readonly onDrag: (drag: DragMode) => void;
  /** Null: there are too few metrics to look for one. */
  readonly filter: string | null;
  readonly onFilter: (filter: string) => void;
}

/** One row of controls for all charts of many curves. */
export function CurvesBar(props: ICurvesBarProps): React.JSX.Element {
  const { settings, choices, by, drag, onDrag, filter } = props;
  const shift = trans.__('Hold Shift for the other.');
  return (
    <ChartControls settings={settings} onChange={props.onSettings} smoothing={false}>
      {filter !== null && (
        <div className="jp-ml-field jp-ml-curves-find">
          <Icon name="search" />
          <input
            type="search"
            placeholder={trans.__('Find a metric')}
            aria-label={trans.__('Find a metric')}
            value={filter}
            onChange={event => props.onFilter(event.target.value)}
          />
        </div>
      )}
      <label className="jp-ml-curves-by">
        {trans.__('Colour')}
        <select
          className="jp-ml-select"
          value={by}
          onChange={event => props.onBy(event.target.value as ColourBy)}
        >
          {choices.map(choice => (
            <option key={choice.by} value={choice.by}>
              {choice.label}
            </option>
          ))}
        </select>
      </label>
      <div className="jp-ml-segment" role="group" aria-label={trans.__('What dragging does')}>
        <Button
          aria-pressed={drag === 'choose'}
          title={`${trans.__('Dragging over curves selects their runs.')} ${shift}`}
          onClick={() => onDrag('choose')}
        >
          {trans.__('Select')}
        </Button>
        <Button
          aria-pressed={drag === 'zoom'}
          title={`${trans.__('Dragging zooms into a part of the x axis.')} ${shift}`}
          onClick={() => onDrag('zoom')}
        >
          {trans.__('Zoom')}
        </Button>
      </div>
    </ChartControls>
  );
}
