import { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { StateIcon } from '../components/ui/StateIcon';
import { progressOf, stateLook } from '../model/state';
import type { IRunSummary } from '../model/types';

/** Pies of a dock tab's icon are drawn in eighths. */
const PARTS = 8;

/** A rising curve under a ring that is three quarters full: runs, and how well. */
export const runsIcon = new LabIcon({
  name: 'ml-jupyter:runs',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M1.5 1.5H3V13h11.5v1.5h-13z"/>
    <path d="m4.4 11.2-1-1.1 3.4-3.3 2.3 2.1L13 4.4l1.1 1L9.2 11 6.8 8.9z"/>
  </g>
</svg>`
});

/** Two columns of bars of different heights: side by side. */
export const compareIcon = new LabIcon({
  name: 'ml-jupyter:compare',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M1.5 2.5h13v11h-13zM3 4v2h3V4zm4.5 0v2h6V4zM3 7.5V9h3V7.5zm4.5 0V9h6V7.5zM3 10.5V12h3v-1.5zm4.5 0V12h6v-1.5z"/>
  </g>
</svg>`
});

const made = new Map<string, LabIcon>();

/** The state of a run as an icon for a tab. Not to be called while React renders. */
export function stateIcon(run: Pick<IRunSummary, 'status' | 'progress'>): LabIcon {
  const share = progressOf(run);
  const eighths = share === null ? null : Math.round(share * PARTS);
  const name = `ml-jupyter:state-${stateLook(run.status).family}-${eighths ?? 'unknown'}`;
  const old = made.get(name);
  if (old) {
    return old;
  }
  const place = document.createElement('div');
  const root = createRoot(place);
  flushSync(() => {
    root.render(
      <StateIcon status={run.status} progress={eighths === null ? null : eighths / PARTS} />
    );
  });
  const svg = place.firstElementChild;
  const svgstr = svg ? new XMLSerializer().serializeToString(svg) : '<svg/>';
  root.unmount();
  const icon = new LabIcon({ name, svgstr });
  made.set(name, icon);
  return icon;
}
