import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { NotebookActions, type INotebookTracker } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ISidebarHost } from '../components/sidebar/host';
import { CommandIDs, type IOpenRun } from '../tokens';

const STAYS_MS = 5000;

interface ILabHostOptions {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  readonly notebooks: INotebookTracker | null;
  readonly open: (what: IOpenRun) => void;
  readonly workspace: string | null;
  readonly kernels: Kernel.IManager;
  readonly showPage: (url: string, title: string) => void;
}

/** The question of a message, and what is said after it. */
function splitQuestion(message: string): [string, string] {
  const end = message.indexOf('? ') + 1;
  return end > 0 ? [message.slice(0, end), message.slice(end + 1)] : [message, ''];
}

/** JupyterLab as our views know it: its dialogs, notifications, notebooks and tabs. */
export class LabHost implements ISidebarHost {
  /** Absent where there is no notebook to insert into. */
  readonly insertCell?: (code: string) => void;

  constructor(private readonly options: ILabHostOptions) {
    if (options.notebooks) {
      const { notebooks } = options;
      this.insertCell = code => this.insert(notebooks, code);
    }
  }

  async confirm(message: string, verb?: string): Promise<boolean> {
    const { trans } = this.options;
    const [question, rest] = splitQuestion(message);
    const result = await showDialog({
      title: question,
      body: rest,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: verb ?? trans.__('Stop') })
      ],
      defaultButton: 0
    });
    return result.button.accept;
  }

  async prompt(title: string, label: string): Promise<string | null> {
    const result = await InputDialog.getText({ title, label });
    return result.button.accept ? result.value : null;
  }

  notify(level: 'info' | 'success' | 'warning' | 'error', message: string): void {
    Notification.emit(message, level, { autoClose: level === 'error' ? false : STAYS_MS });
  }

  offerUndo(message: string, undo: () => void): void {
    const { trans } = this.options;
    Notification.emit(message, 'success', {
      autoClose: STAYS_MS,
      actions: [{ label: trans.__('Undo'), callback: undo }]
    });
  }

  openRun(run: string, tab?: string): void {
    this.options.open({ run, tab, ...this.where });
  }

  pinRun(run: string): void {
    this.options.open({ run, pin: true, ...this.where });
  }

  readonly compareRuns = (ids: readonly string[]): void => {
    void this.options.commands.execute(CommandIDs.compareRuns, { runs: [...ids], ...this.where });
  };

  readonly restartKernel = async (id: string): Promise<void> => {
    const model = await this.options.kernels.findById(id);
    if (!model) {
      throw new Error(this.options.trans.__('The kernel has ended already.'));
    }
    const kernel = this.options.kernels.connectTo({ model });
    try {
      await kernel.restart();
    } finally {
      kernel.dispose();
    }
  };

  readonly openPage = (url: string, title: string): void => this.options.showPage(url, title);

  readonly openQueue = (): void => {
    void this.options.commands.execute(CommandIDs.openQueue, { ...this.where });
  };

  readonly openModel = (model: string, version?: number): void => {
    void this.options.commands.execute(CommandIDs.showModels, {
      model,
      ...(version === undefined ? {} : { version }),
      ...this.where
    });
  };

  readonly openPath = (path: string): void => {
    void this.options.commands.execute('docmanager:open', { path });
  };

  private get where(): { workspace?: string } {
    const { workspace } = this.options;
    return workspace === null ? {} : { workspace };
  }

  private insert(notebooks: INotebookTracker, code: string): void {
    const panel = notebooks.currentWidget;
    if (!panel) {
      const { trans } = this.options;
      this.notify('info', trans.__('Open a notebook first; the code goes into a new cell of it.'));
      return;
    }
    NotebookActions.insertBelow(panel.content);
    panel.content.activeCell?.model.sharedModel.setSource(code);
    void NotebookActions.focusActiveCell(panel.content, { waitUntilReady: true });
  }
}
