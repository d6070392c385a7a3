import React from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { MiddleText } from '../ui/MiddleText';
import type { Meaning } from './colouring';
import type { Focus } from './focus';

export interface IRunColour {
  readonly id: string;
  readonly label: string;
  /** As CSS takes it. */
  readonly colour: string;
  readonly dashed: boolean;
}

interface IColourMeaningProps {
  readonly meaning: Meaning;
  readonly runs: readonly IRunColour[];
  readonly focus: Focus;
  readonly onOpen: (id: string) => void;
}

function Swatch({ colour, dashed = false }: { colour: string; dashed?: boolean }) {
  const style = dashed ? { borderColor: colour } : { borderColor: colour, background: colour };
  return <i className={`jp-ml-swatch${dashed ? ' jp-mod-dashed' : ''}`} style={style} />;
}

/** What the colours of the curves mean: which run, or which value. */
export function ColourMeaning(props: IColourMeaningProps): React.JSX.Element | null {
  const { meaning, runs, focus, onOpen } = props;
  if (meaning.kind === 'none') {
    return null;
  }
  if (meaning.kind === 'scale') {
    const [low, high] = meaning.colours;
    return (
      <div className="jp-ml-curves-scale jp-ml-small jp-ml-num">
        <span>{meaning.low}</span>
        <i style={{ background: `linear-gradient(to right in oklab, ${low}, ${high})` }} />
        <span>{meaning.high}</span>
        <span className="jp-ml-dim jp-ml-cut">{meaning.label}</span>
      </div>
    );
  }
  if (meaning.kind === 'names') {
    return (
      <ul className="jp-ml-legend" aria-label={meaning.label}>
        {meaning.names.map(({ name, colour }) => (
          <li key={name}>
            <Swatch colour={colour} />
            <MiddleText text={name} />
          </li>
        ))}
        {meaning.more > 0 && (
          <li className="jp-ml-dim">{trans.__('and %1 more', formatCount(meaning.more))}</li>
        )}
      </ul>
    );
  }
  return (
    <ul className="jp-ml-legend" aria-label={trans.__('Runs in the charts')}>
      {runs.map(({ id, label, colour, dashed }) => (
        <li
          key={id}
          onPointerEnter={() => focus.set({ run: id, metric: '', point: -1 })}
          onPointerLeave={() => focus.set(null)}
        >
          <button
            type="button"
            className="jp-ml-legend-run"
            title={trans.__('Open %1', label)}
            onFocus={() => focus.set({ run: id, metric: '', point: -1 })}
            onBlur={() => focus.set(null)}
            onClick={() => onOpen(id)}
          >
            <Swatch colour={colour} dashed={dashed} />
            <MiddleText text={label} />
          </button>
        </li>
      ))}
    </ul>
  );
}
