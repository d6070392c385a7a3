import React, { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { formatMetric } from '../../../model/format';
import { trans } from '../../../model/language';
import type { IRunSource } from '../../../model/source';
import type { IRunSummary } from '../../../model/types';
import { MiddleText } from '../../ui/MiddleText';
import { StateIcon } from '../../ui/StateIcon';
import { useAsked } from '../../data/useAsked';

const SHOWN = 12;
const TYPING_MS = 150;
const WIDTH_PX = 360;

interface IRunPickerProps {
  readonly source: IRunSource;
  /** Upper right corner, px of the window. */
  readonly at: { readonly x: number; readonly y: number };
  readonly experiment: string | undefined;
  /** Runs that are there already. */
  readonly chosen: readonly string[];
  readonly onPick: (run: IRunSummary) => void;
  readonly onClose: () => void;
}

/** What is typed, told on after a short pause. */
function useCalm(text: string): string {
  const [calm, setCalm] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return calm;
}

function Option(props: {
  readonly run: IRunSummary;
  readonly id: string;
  readonly active: boolean;
  readonly onPick: () => void;
}): React.JSX.Element {
  const { run, id, active, onPick } = props;
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      className={active ? 'jp-mod-active' : undefined}
      onClick={onPick}
    >
      <StateIcon status={run.status} progress={null} />
      <MiddleText text={run.display_name} />
      <span className="jp-ml-dim jp-ml-num">{run.number}</span>
      <span className="jp-ml-num jp-ml-picker-value">
        {run.primary_metric ? formatMetric(run.primary_metric.last) : ''}
      </span>
    </li>
  );
}

/** A list with search to choose a run from: of the same experiment first, of all once something is typed. */
export function RunPicker(props: IRunPickerProps): React.JSX.Element {
  const { source, at, experiment, chosen, onPick, onClose } = props;
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const calm = useCalm(text);
  const query = calm === '' ? { experiment } : { text: calm };
  const { value, error } = useAsked(
    () => source.query('runs', { ...query, top_level: false, limit: SHOWN + chosen.length }),
    JSON.stringify(query)
  );
  const runs = (value?.runs ?? []).filter(run => !chosen.includes(run.id)).slice(0, SHOWN);
  useEffect(() => {
    const outside = (event: Event): void => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) {
        onClose();
      }
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [onClose]);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const run = runs[active];
    if (event.key === 'Escape') {
      onClose();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + step + runs.length) % Math.max(1, runs.length));
    } else if (event.key === 'Enter' && run) {
      onPick(run);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return createPortal(
    <div className="jp-ml-root jp-ml-overlay">
      <div
        ref={box}
        className="jp-ml-menu jp-ml-picker"
        style={{ left: Math.max(8, at.x - WIDTH_PX), top: at.y, width: WIDTH_PX }}
        onKeyDown={onKeyDown}
      >
        <input
          type="search"
          role="combobox"
          aria-expanded
          aria-controls="jp-ml-picker-list"
          aria-activedescendant={runs[active] ? `jp-ml-picker-${active}` : undefined}
          aria-label={trans.__('Find a run')}
          placeholder={trans.__('Find a run')}
          autoFocus
          value={text}
          onChange={event => {
            setText(event.target.value);
            setActive(0);
          }}
        />
        <ul id="jp-ml-picker-list" role="listbox" aria-label={trans.__('Runs')}>
          {runs.map((run, i) => (
            <Option
              key={run.id}
              id={`jp-ml-picker-${i}`}
              run={run}
              active={i === active}
              onPick={() => onPick(run)}
            />
          ))}
        </ul>
        {value && runs.length === 0 && <p>{trans.__('No other run.')}</p>}
        {error && <p className="jp-ml-err">{error.message}</p>}
      </div>
    </div>,
    document.body
  );
}
