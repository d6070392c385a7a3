/** The JupyterLab extension: its plugins, and the token that other extensions may ask for. */
import { commands } from './plugins/commands';
import { comparePage } from './plugins/comparePage';
import { experiments } from './plugins/experiments';
import { dropRun } from './plugins/dropRun';
import { hub } from './plugins/hub';
import { mime } from './plugins/mime';
import { modelsPage } from './plugins/modelsPage';
import { notices } from './plugins/notices';
import { queuePage } from './plugins/queuePage';
import { runPage } from './plugins/runPage';
import { sidebar } from './plugins/sidebar';

export * from './tokens';
export default [
  hub,
  runPage,
  queuePage,
  sidebar,
  experiments,
  modelsPage,
  notices,
  commands,
  dropRun,
  mime,
  comparePage
];
