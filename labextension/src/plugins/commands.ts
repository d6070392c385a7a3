import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { FIRST_RUN_CODE, loadingCode, runAgain, stopRuns } from '../components/data/actions';
import { asSourceError } from '../model/errors';
import type { IRunDetail } from '../model/types';
import { CommandIDs, IRunHub } from '../tokens';
import { RunPageWidget } from './runPageWidget';

interface ITarget {
  readonly run: string;
  readonly workspace?: string;
}

/** The run that the arguments name, else the one whose page is in front. */
function target(app: JupyterFrontEnd, args: Readonly<Record<string, unknown>>): ITarget | null {
  if (typeof args.run === 'string') {
    return {
      run: args.run,
      ...(typeof args.workspace === 'string' ? { workspace: args.workspace } : {})
    };
  }
  const page = app.shell.currentWidget;
  return page instanceof RunPageWidget ? page.place : null;
}

const ARGS = {
  type: 'object',
  properties: {
    run: { type: 'string', description: 'Id of the run; the one in front without it' },
    workspace: { type: 'string', description: 'Id of its workspace; the default one without it' }
  }
};

/** The menu View > Runs of schema/commands.json, and its name there. */
const MENU_ID = 'jp-mainmenu-view-ml-jupyter';
const MENU_NAME = 'Runs';

/** JupyterLab asks language packs alone for the names in a schema; a name that a person has chosen stays. */
function nameMenu(menu: IMainMenu, name: string): void {
  const ours = menu.viewMenu.items.find(({ submenu }) => submenu?.id === MENU_ID)?.submenu;
  if (ours?.title.label === MENU_NAME) {
    ours.title.label = name;
  }
}

type Act = (hub: IRunHub, at: ITarget, run: IRunDetail) => Promise<void> | void;

const stop: Act = async (hub, { workspace }, run) => {
  await stopRuns(hub.source(workspace), hub.host(workspace), [run]);
};
const repeat: Act = (hub, { workspace }, run) =>
  runAgain(hub.source(workspace), hub.host(workspace), run);
const copy: Act = (hub, { workspace }, run) => hub.host(workspace).insertCell?.(loadingCode(run));

export const commands: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:commands',
  description: 'Adds the commands for the run in front and for code in notebooks.',
  autoStart: true,
  requires: [IRunHub],
  optional: [ICommandPalette, IMainMenu, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    hub: IRunHub,
    palette: ICommandPalette | null,
    menu: IMainMenu | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ml_jupyter');
    if (menu) {
      nameMenu(menu, trans.__('Runs'));
    }
    const add = (id: string, label: string, act: Act): void => {
      app.commands.addCommand(id, {
        label,
        describedBy: { args: ARGS },
        isEnabled: args => target(app, args) !== null,
        execute: async args => {
          const at = target(app, args);
          if (at) {
            try {
              await act(hub, at, await hub.source(at.workspace).query('run', { run: at.run }));
            } catch (reason) {
              hub.host(at.workspace).notify('error', asSourceError(reason).message);
            }
          }
        }
      });
      palette?.addItem({ command: id, category: trans.__('Runs') });
    };
    add(CommandIDs.stopRun, trans.__('Stop Run'), stop);
    add(CommandIDs.repeatRun, trans.__('Run Again'), repeat);
    add(CommandIDs.copyRun, trans.__('Load Run in a New Cell'), copy);
    app.commands.addCommand(CommandIDs.insertCode, {
      label: trans.__('Insert Code for a New Run'),
      caption: trans.__('Insert a cell that submits a script'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => hub.host().insertCell?.(FIRST_RUN_CODE)
    });
    palette?.addItem({ command: CommandIDs.insertCode, category: trans.__('Runs') });
  }
};
