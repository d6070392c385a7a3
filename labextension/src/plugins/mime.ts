import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { RunRenderer } from '../mime/renderer';
import { RUN_MIME_TYPE } from '../model/snapshot';
import { IRunHub } from '../tokens';

/** Before the widget manager's -10: a reopened notebook has no widget models, and ours needs none. */
const RANK = -20;

export const mime: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:mime',
  description: 'Draws runs in the outputs of notebooks, live or as they were saved.',
  autoStart: true,
  requires: [IRunHub, IRenderMimeRegistry],
  activate: (_app: JupyterFrontEnd, hub: IRunHub, registry: IRenderMimeRegistry): void => {
    registry.addFactory(
      {
        safe: true,
        mimeTypes: [RUN_MIME_TYPE],
        createRenderer: ({ mimeType }) =>
          new RunRenderer({
            mimeType,
            source: workspace => hub.source(workspace),
            host: workspace => hub.host(workspace)
          })
      },
      RANK
    );
  }
};
