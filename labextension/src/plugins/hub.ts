import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ISidebarHost } from '../components/sidebar/host';
import { speak } from '../model/language';
import type { IRunSource } from '../model/source';
import type { IWorkspaceInfo } from '../model/types';
import { ServerApi } from '../sources/serverApi';
import { ServerRunSource } from '../sources/server';
import { CommandIDs, IRunHub, type IOpenRun } from '../tokens';
import { LabHost } from './labHost';
import { showPage } from './framedPage';

class RunHub implements IRunHub {
  private readonly sources = new Map<string | null, ServerRunSource>();
  private readonly hosts = new Map<string | null, ISidebarHost>();
  private readonly api: ServerApi;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly notebooks: INotebookTracker | null,
    private readonly translator: ITranslator
  ) {
    this.api = new ServerApi(app.serviceManager.serverSettings);
  }

  source(workspace: string | null = null): IRunSource {
    return kept(this.sources, workspace, () => new ServerRunSource(this.api, workspace));
  }

  async workspaces(): Promise<readonly IWorkspaceInfo[]> {
    return this.source().query('workspaces', {});
  }

  lookBeside(workspace: string, folder: string): Promise<IWorkspaceInfo> {
    const path = `workspaces/${encodeURIComponent(workspace)}/beside`;
    return this.api.json<IWorkspaceInfo>(path, 'POST', { folder });
  }

  host(workspace: string | null = null): ISidebarHost {
    return kept(
      this.hosts,
      workspace,
      () =>
        new LabHost({
          commands: this.app.commands,
          trans: this.translator.load('ml_jupyter'),
          notebooks: this.notebooks,
          open: what => this.open(what),
          workspace,
          kernels: this.app.serviceManager.kernels,
          showPage: (url, title) => showPage(this.app, url, title)
        })
    );
  }

  open(what: IOpenRun): void {
    void this.app.commands.execute(CommandIDs.openRun, { ...what });
  }
}

function kept<T>(map: Map<string | null, T>, key: string | null, make: () => T): T {
  const old = map.get(key);
  if (old) {
    return old;
  }
  const made = make();
  map.set(key, made);
  return made;
}

export const hub: JupyterFrontEndPlugin<IRunHub> = {
  id: 'ml-jupyter:hub',
  description: 'Provides the runs of the Jupyter server to the other plugins.',
  autoStart: true,
  provides: IRunHub,
  optional: [INotebookTracker, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null
  ): IRunHub => {
    const language = translator ?? nullTranslator;
    speak(language.load('ml_jupyter'), language.languageCode);
    return new RunHub(app, notebooks, language);
  }
};
