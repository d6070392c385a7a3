import React from 'react';
import { trans } from '../../../model/language';
import { IconButton } from '../../ui/Button';
import { MiddleText } from '../../ui/MiddleText';
import { SERIES_COLOURS } from '../palette';
import { overlayName, type IOverlay } from './lines';

interface ILegendProps {
  readonly own: { readonly name: string; readonly number: number };
  readonly overlays: readonly IOverlay[];
  readonly onToggle: (id: string) => void;
  readonly onRemove: (id: string) => void;
  /** The run whose line stands out; null: all alike. */
  readonly onFocus: (id: string | null) => void;
}

/** Id of the page's own run in what stands out. */
export const OWN = '';

/** The colour of a line; hollow while the line is hidden. */
export function Swatch({ colour, hollow }: { colour: number; hollow: boolean }): React.JSX.Element {
  const ink = `var(--mlj-series-${(colour % SERIES_COLOURS) + 1})`;
  const dashed = colour >= SERIES_COLOURS ? ' jp-mod-dashed' : '';
  return (
    <i
      className={`jp-ml-swatch${dashed}`}
      style={{ borderColor: ink, background: hollow ? 'none' : ink }}
    />
  );
}

/** Which line is which run: hovering one dims the others, a click hides it. */
export function Legend(props: ILegendProps): React.JSX.Element {
  const { own, overlays, onToggle, onRemove, onFocus } = props;
  const hover = (id: string) => ({
    onPointerEnter: () => onFocus(id),
    onPointerLeave: () => onFocus(null)
  });
  return (
    <ul className="jp-ml-legend" aria-label={trans.__('Runs in the charts')}>
      <li {...hover(OWN)}>
        <Swatch colour={0} hollow={false} />
        <MiddleText text={overlayName(own)} />
      </li>
      {overlays.map(overlay => (
        <li key={overlay.id} {...hover(overlay.id)}>
          <button
            type="button"
            className="jp-ml-legend-run"
            aria-pressed={!overlay.hidden}
            title={overlay.hidden ? trans.__('Show') : trans.__('Hide')}
            onClick={() => onToggle(overlay.id)}
          >
            <Swatch colour={overlay.colour} hollow={overlay.hidden} />
            <MiddleText text={overlayName(overlay)} />
          </button>
          <IconButton
            icon="close"
            label={trans.__('Remove %1', overlayName(overlay))}
            onClick={() => onRemove(overlay.id)}
          />
        </li>
      ))}
    </ul>
  );
}
