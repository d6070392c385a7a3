import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';
import { Sidebar } from '../components/sidebar/Sidebar';
import type { IWorkspaceInfo } from '../model/types';
import { CommandIDs, IRunHub } from '../tokens';
import { runsIcon } from './icons';
import { loadSettings } from './settings';

const PLUGIN_ID = 'ml-jupyter:sidebar';
const PANEL_ID = 'ml-jupyter-runs';
const RANK = 350;

/** The panel of runs; it follows the server only while it is visible. */
class RunsPanel extends ReactWidget {
  private workspaces: readonly IWorkspaceInfo[] = [];
  private workspace: string | null = null;
  private machine = true;

  constructor(private readonly hub: IRunHub) {
    super();
    this.id = PANEL_ID;
    this.addClass('jp-ml-side');
    this.title.icon = runsIcon;
  }

  setMachine(shown: boolean): void {
    this.machine = shown;
    this.update();
  }

  protected override onBeforeShow(): void {
    this.update();
    this.hub.workspaces().then(
      all => {
        this.workspaces = all;
        this.update();
      },
      () => undefined
    );
  }

  protected override onAfterHide(): void {
    this.update();
  }

  protected render(): React.JSX.Element | null {
    if (!this.isVisible) {
      return null;
    }
    return (
      <Sidebar
        key={this.workspace}
        source={this.hub.source(this.workspace)}
        host={this.hub.host(this.workspace)}
        workspaces={this.workspaces}
        workspace={this.workspace}
        onWorkspace={id => {
          this.workspace = id;
          this.update();
        }}
        showMachine={this.machine}
      />
    );
  }
}

async function followSettings(
  loaded: Promise<ISettingRegistry.ISettings>,
  panel: RunsPanel
): Promise<void> {
  const settings = await loaded;
  const apply = (): void => panel.setMachine(settings.get('showMachine').composite !== false);
  apply();
  settings.changed.connect(apply, panel);
}

export const sidebar: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Adds the panel of runs to the left sidebar, and its entry to the launcher.',
  autoStart: true,
  requires: [IRunHub],
  optional: [ILayoutRestorer, ICommandPalette, ILauncher, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    hub: IRunHub,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    settings: ISettingRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ml_jupyter');
    const panel = new RunsPanel(hub);
    panel.title.caption = trans.__('Runs');
    panel.node.setAttribute('role', 'region');
    panel.node.setAttribute('aria-label', trans.__('Runs'));
    app.shell.add(panel, 'left', { rank: RANK, type: 'Runs' });
    restorer?.add(panel, PANEL_ID);
    if (settings) {
      followSettings(loadSettings(settings, PLUGIN_ID, trans), panel).catch((reason: unknown) => {
        console.warn('The settings of the panel of runs could not be read.', reason);
      });
    }
    app.commands.addCommand(CommandIDs.showRuns, {
      label: args => (args.isLauncher === true ? trans.__('Runs') : trans.__('Show Runs')),
      caption: trans.__('Show the panel of runs'),
      icon: args => (args.isPalette === true ? undefined : runsIcon),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            isLauncher: { type: 'boolean', description: 'Asked for by the launcher' },
            isPalette: { type: 'boolean', description: 'Asked for by the palette' }
          }
        }
      },
      execute: () => app.shell.activateById(PANEL_ID)
    });
    palette?.addItem({
      command: CommandIDs.showRuns,
      category: trans.__('Runs'),
      args: { isPalette: true }
    });
    launcher?.add({
      command: CommandIDs.showRuns,
      category: trans.__('Other'),
      args: { isLauncher: true }
    });
  }
};
