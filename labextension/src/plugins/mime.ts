import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Contents } from '@jupyterlab/services';
import { RunRenderer } from '../mime/renderer';
import { RUN_MIME_TYPE } from '../model/snapshot';
import { IRunHub } from '../tokens';

/** Before the widget manager's -10: a reopened notebook has no widget models, and ours needs none. */
const RANK = -20;

/** The folder of the document that an output is in, as the server names it; empty for its root. */
async function folderOf(
  resolver: IRenderMime.IResolver | null,
  contents: Contents.IManager
): Promise<string> {
  const folder = resolver ? decodeURI(await resolver.resolveUrl('.')) : '';
  return contents.localPath(folder);
}

export const mime: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:mime',
  description: 'Draws runs in the outputs of notebooks, live or as they were saved.',
  autoStart: true,
  requires: [IRunHub, IRenderMimeRegistry],
  activate: (app: JupyterFrontEnd, hub: IRunHub, registry: IRenderMimeRegistry): void => {
    registry.addFactory(
      {
        safe: true,
        mimeTypes: [RUN_MIME_TYPE],
        createRenderer: ({ mimeType, resolver }) =>
          new RunRenderer({
            mimeType,
            source: workspace => hub.source(workspace),
            host: workspace => hub.host(workspace),
            lookBeside: async workspace =>
              hub.lookBeside(workspace, await folderOf(resolver, app.serviceManager.contents))
          })
      },
      RANK
    );
  }
};
