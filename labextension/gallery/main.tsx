import React from 'react';
import { createRoot } from 'react-dom/client';
import { ExperimentsSheet } from './experiments';
import { CompareSheet } from './compare';
import { ManyRuns } from './many';
import { ModelsSheet } from './models';
import { QueueSheet } from './queue';
import { RunSheet } from './run';
import { SidebarSheet } from './sidebar';
import { WidgetSheet } from './widget';

/** `?view=<name>&theme=dark&fonts=bundled` chooses what is shown. */
const VIEWS: Record<string, () => React.JSX.Element> = {
  experiments: () => <ExperimentsSheet />,
  compare: () => <CompareSheet />,
  many: () => <ManyRuns />,
  models: () => <ModelsSheet />,
  queue: () => <QueueSheet />,
  run: () => <RunSheet />,
  sidebar: () => <SidebarSheet />,
  widget: () => <WidgetSheet />
};

const options = new URLSearchParams(location.search);
document.body.dataset.jpThemeLight = String(options.get('theme') !== 'dark');
document.body.dataset.fonts = options.get('fonts') ?? 'host';
if (options.get('fonts') === 'bundled') {
  // Charts and lists measure text when they are drawn.
  await Promise.all(
    ['Inter Variable', 'JetBrains Mono Variable'].flatMap(family =>
      [400, 600, 700].map(weight => document.fonts.load(`${weight} 12px '${family}'`))
    )
  );
}
const View = VIEWS[options.get('view') ?? 'sidebar'];
const root = document.getElementById('gallery');
if (View && root) {
  createRoot(root).render(<View />);
}
