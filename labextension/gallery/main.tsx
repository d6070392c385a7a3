import React from 'react';
import { createRoot } from 'react-dom/client';
import { SidebarSheet } from './sidebar';

/** `?view=<name>&theme=dark` chooses what is shown. */
const VIEWS: Record<string, () => React.JSX.Element> = { sidebar: () => <SidebarSheet /> };

const options = new URLSearchParams(location.search);
document.body.dataset.jpThemeLight = String(options.get('theme') !== 'dark');
const View = VIEWS[options.get('view') ?? 'sidebar'];
const root = document.getElementById('gallery');
if (View && root) {
  createRoot(root).render(<View />);
}
