/** The program of an exported page: unpacks what the page holds and draws it. Asks nobody anything. */
import React from 'react';
import { createRoot } from 'react-dom/client';
import { speakOneOf } from '../model/catalogue';
import type { IExported } from '../model/exported';
import { trans } from '../model/language';
import { ExportedRunSource } from '../sources/exported';
import { STYLES } from '../widget/styles';
import { PageBlobs, unpacked } from './blobs';
import { ExportPage } from './ExportPage';

const DATA = 'ml-jupyter-runs';
const SCHEMA = 1;

/** Light or dark as the reader's system is, now and when it changes. */
function followTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    document.body.dataset.jpThemeLight = String(!dark.matches);
    document.body.dataset.jpThemeName = dark.matches ? 'JupyterLab Dark' : 'JupyterLab Light';
  };
  dark.addEventListener('change', apply);
  apply();
}

async function draw(root: HTMLElement): Promise<void> {
  const exported = JSON.parse(new TextDecoder().decode(await unpacked(DATA))) as IExported;
  if (exported.schema !== SCHEMA) {
    throw new Error(trans.__('The page holds data of version %1.', exported.schema));
  }
  const blobs = new PageBlobs();
  await blobs.prepare(exported.runs.flatMap(one => one.files.files));
  const source = new ExportedRunSource(exported, blobs);
  createRoot(root).render(<ExportPage exported={exported} source={source} />);
}

function start(): void {
  const root = document.getElementById('ml-jupyter');
  if (root === null) {
    return;
  }
  const style = document.createElement('style');
  style.textContent = STYLES;
  document.head.append(style);
  followTheme();
  document.documentElement.lang = speakOneOf(navigator.languages) ?? 'en';
  draw(root).catch((reason: unknown) => {
    const why = reason instanceof Error ? reason.message : String(reason);
    root.textContent = trans.__(
      'This page cannot be shown: %1 The file may be incomplete, or the browser too old.',
      why
    );
  });
}

start();
