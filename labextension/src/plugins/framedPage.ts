import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { UUID } from '@lumino/coreutils';
import { runsIcon } from './icons';

/** Shows a page of the server, such as a TensorBoard, as a tab of the main area. */
export function showPage(app: JupyterFrontEnd, url: string, title: string): void {
  const frame = document.createElement('iframe');
  frame.src = url;
  frame.title = title;
  frame.className = 'jp-ml-framed';
  const content = new Widget({ node: frame });
  const page = new MainAreaWidget({ content });
  page.id = `ml-jupyter-page-${UUID.uuid4()}`;
  page.title.label = title;
  page.title.icon = runsIcon;
  page.title.closable = true;
  app.shell.add(page, 'main', { type: 'Page' });
  app.shell.activateById(page.id);
}
