import React from 'react';
import { stateLook, type StateFamily } from '../../model/state';
import type { RunStatus } from '../../model/types';

const RING = <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />;
const INSIDE = {
  stroke: 'var(--mlj-surface)',
  strokeWidth: 1.75,
  fill: 'none',
  strokeLinecap: 'square'
} as const;
const PIE_LENGTH = 2 * Math.PI * 2;

function Pie({ share, turning }: { share: number; turning: boolean }): React.JSX.Element {
  return (
    <circle
      className={turning ? 'jp-ml-turning' : undefined}
      cx="8"
      cy="8"
      r="2"
      fill="none"
      stroke="currentColor"
      strokeWidth="4"
      strokeDasharray={`${(PIE_LENGTH * share).toFixed(2)} ${PIE_LENGTH.toFixed(2)}`}
      transform="rotate(-90 8 8)"
    />
  );
}

const SHAPES: Readonly<Record<Exclude<StateFamily, 'running'>, React.JSX.Element>> = {
  queued: (
    <>
      {RING}
      <path d="M8 4.6V8l2.2 1.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  preparing: (
    <>
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray="2.1 2.09"
      />
      <circle cx="8" cy="8" r="1.75" fill="currentColor" />
    </>
  ),
  finalizing: (
    <>
      {RING}
      <circle cx="8" cy="8" r="3.75" fill="currentColor" />
    </>
  ),
  stopping: (
    <>
      {RING}
      <path d="M5.5 5.5h5v5h-5z" fill="currentColor" />
    </>
  ),
  completed: (
    <>
      <circle cx="8" cy="8" r="6.75" fill="currentColor" />
      <path d="m5.2 8.3 2 2 3.7-4.2" {...INSIDE} />
    </>
  ),
  failed: (
    <>
      <path d="M5.2 1.25h5.6l3.95 3.95v5.6l-3.95 3.95H5.2L1.25 10.8V5.2z" fill="currentColor" />
      <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" {...INSIDE} />
    </>
  ),
  canceled: (
    <>
      {RING}
      <path d="m3.9 12.1 8.2-8.2" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  lost: (
    <>
      <path
        d="M8 1.9 14.6 13.7H1.4z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <path
        d="M6.7 7.5c0-1.9 2.6-1.8 2.6-.1 0 1-1.3 1.1-1.3 2.2"
        stroke="currentColor"
        strokeWidth="1.2"
        fill="none"
      />
      <circle cx="8" cy="11.4" r=".8" fill="currentColor" />
    </>
  )
};

interface IStateIconProps {
  readonly status: RunStatus;
  /** Share done, 0..1; null or absent draws a turning quarter. */
  readonly progress?: number | null;
  readonly large?: boolean;
}

/** The state as a shape: open outline while waiting or alive, solid when over. Its accessible name is the word. */
export function StateIcon({ status, progress, large }: IStateIconProps): React.JSX.Element {
  const { family, word } = stateLook(status);
  const known = progress !== null && progress !== undefined;
  return (
    <svg
      className={large ? 'jp-ml-state jp-ml-state-l' : 'jp-ml-state'}
      data-state={family}
      viewBox="0 0 16 16"
      role="img"
      aria-label={word}
    >
      {family === 'running' ? (
        <>
          {RING}
          <Pie share={known ? progress : 0.25} turning={!known} />
        </>
      ) : (
        SHAPES[family]
      )}
    </svg>
  );
}
