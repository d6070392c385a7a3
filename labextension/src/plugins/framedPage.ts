import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { UUID } from '@lumino/coreutils';
import { isDark, onTheme, themed } from '../components/board/theme';
import { runsIcon } from './icons';

/** Shows a TensorBoard of the server as a tab of the main area, in the colours of JupyterLab's theme. */
export function showPage(app: JupyterFrontEnd, url: string, title: string): void {
  const frame = document.createElement('iframe');
  frame.src = themed(url, isDark());
  frame.title = title;
  frame.className = 'jp-ml-framed';
  const content = new Widget({ node: frame });
  content.disposed.connect(onTheme(dark => (frame.src = themed(url, dark))));
  const page = new MainAreaWidget({ content });
  page.id = `ml-jupyter-page-${UUID.uuid4()}`;
  page.title.label = title;
  page.title.icon = runsIcon;
  page.title.closable = true;
  app.shell.add(page, 'main', { type: 'Page' });
  app.shell.activateById(page.id);
}
