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

/** A flask: what is tried. */
export const experimentsIcon = new LabIcon({
  name: 'ml-jupyter:experiments',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161" fill-rule="evenodd">
    <path d="M4.75 1.5h6.5V3h-1v3.3l3.3 5.9c.6 1-.1 2.3-1.3 2.3h-8.5c-1.2 0-1.9-1.3-1.3-2.3l3.3-5.9V3h-1zM7.25 3v3.7L5.7 9.5h4.6L8.75 6.7V3z"/>
  </g>
</svg>`
});

/** A box: what is kept and handed on. */
export const modelsIcon = new LabIcon({
  name: 'ml-jupyter:models',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161" fill-rule="evenodd">
    <path d="M8 .9l6.5 3.6v7L8 15.1l-6.5-3.6v-7zM8 2.6L3.8 4.9 8 7.2l4.2-2.3zM3 6.2v4.4l4.25 2.4V8.5zm5.75 6.8L13 10.6V6.2L8.75 8.5z"/>
  </g>
</svg>`
});

/** Bars one after the other: who is on the machine when. */
export const queueIcon = new LabIcon({
  name: 'ml-jupyter:queue',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M1.5 2.5h7V5h-7zM4.5 6.75h7v2.5h-7zM8.5 11h6v2.5h-6z"/>
  </g>
</svg>`
});

/** A table: side by side. */
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
