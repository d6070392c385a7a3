import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification as LabNotification } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { FIRST_CHOICES, parseChoices, type INoticeChoices } from '../notices/choices';
import { Claims, type ILocks } from '../notices/claims';
import { SeenMemory } from '../notices/seen';
import { tell, type IMessage, type ITellerHost } from '../notices/teller';
import { watchRuns } from '../notices/watch';
import { WatchedWorkspaces } from '../notices/workspaces';
import { CommandIDs, IRunHub } from '../tokens';
import { RunPageWidget } from './runPageWidget';
import { loadSettings } from './settings';

const PLUGIN_ID = 'ml-jupyter:notices';
const STAYS_MS = 10_000;
/** How often new workspaces are looked for. */
const LOOK_MS = 30_000;
const MINUTE_MS = 60_000;

const locksOf = (): ILocks | null => ('locks' in navigator ? navigator.locks : null);

/** The browser's own notification, where the person wants it and the browser allows it. */
function showInBrowser(message: IMessage, open: () => void): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') {
    return;
  }
  const shown = new Notification(message.text, { tag: message.key });
  shown.onclick = () => {
    window.focus();
    open();
    shown.close();
  };
}

/** Tells of what ends or falls silent in the workspaces of the server. */
function watchAll(
  hub: IRunHub,
  claims: Claims,
  hostOf: (workspace: string | undefined) => ITellerHost
): WatchedWorkspaces {
  return new WatchedWorkspaces(
    () => hub.workspaces(),
    ({ id, is_default }, made) => {
      const workspace = is_default ? undefined : id;
      const source = hub.source(workspace);
      const host = hostOf(workspace);
      return watchRuns({
        source,
        fromBeginning: made,
        seen: new SeenMemory(sessionStorage, id),
        stallMs: () => {
          const { stalls, stallMinutes } = host.choices();
          return stalls ? stallMinutes * MINUTE_MS : null;
        },
        onNotice: (notice, me) => void tell(notice, me, source, claims, host)
      });
    }
  );
}

/** Asks the browser, and keeps the answer as the setting. */
async function allowBrowser(
  settings: ISettingRegistry.ISettings | null,
  said: (level: 'info' | 'warning', text: string) => void,
  trans: { __(text: string): string }
): Promise<void> {
  const answer = 'Notification' in window ? await Notification.requestPermission() : 'denied';
  if (answer === 'granted') {
    await settings?.set('browser', true);
    said('info', trans.__('The browser will tell of runs too.'));
  } else {
    said('warning', trans.__('The browser does not allow notifications for this site.'));
  }
}

export const notices: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Tells of runs that end, fail or fall silent.',
  autoStart: true,
  requires: [IRunHub],
  optional: [ISettingRegistry, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    hub: IRunHub,
    registry: ISettingRegistry | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ml_jupyter');
    let choices: INoticeChoices = FIRST_CHOICES;
    let settings: ISettingRegistry.ISettings | null = null;
    const hostOf = (workspace: string | undefined): ITellerHost => ({
      choices: () => choices,
      hidden: () => document.visibilityState === 'hidden',
      lookedAt: run => {
        const page = app.shell.currentWidget;
        const front = page instanceof RunPageWidget && page.isVisible && page.place.run === run;
        return front && document.visibilityState !== 'hidden';
      },
      show: message => {
        const open = (): void => hub.open({ run: message.run, workspace, pin: true });
        LabNotification.emit(message.text, message.level, {
          autoClose: message.level === 'error' ? false : STAYS_MS,
          actions: [{ label: trans.__('Open run'), callback: open }]
        });
        if (choices.browser) {
          showInBrowser(message, open);
        }
      },
      wait: ms => new Promise(resolve => setTimeout(resolve, ms))
    });
    const readChoices = async (from: ISettingRegistry): Promise<void> => {
      const loaded = await loadSettings(from, PLUGIN_ID, trans);
      const apply = (): void => {
        choices = parseChoices(loaded.composite);
      };
      apply();
      loaded.changed.connect(apply);
      settings = loaded;
    };
    const chosen = (registry ? readChoices(registry) : Promise.resolve()).catch((reason: unknown) =>
      console.warn('The settings of notices are unknown.', reason)
    );
    const watched = watchAll(hub, new Claims(localStorage, locksOf()), hostOf);
    void app.restored
      .then(() => chosen)
      .then(() => watched.look())
      .then(() => setInterval(() => void watched.look(), LOOK_MS));

    app.commands.addCommand(CommandIDs.allowNotices, {
      label: trans.__('Allow Browser Notifications of Runs'),
      caption: trans.__('Let the browser tell of runs that end, fail or fall silent'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => allowBrowser(settings, (level, text) => hub.host().notify(level, text), trans)
    });
    palette?.addItem({ command: CommandIDs.allowNotices, category: trans.__('Runs') });
  }
};
