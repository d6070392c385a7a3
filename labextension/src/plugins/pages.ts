/** Plugins that open pages as tabs: by command, by the palette and by the address of the page, and again after a reload. */
import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import { UUID, type ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { IRunHub } from '../tokens';
import type { IPlace, PageWidget } from './pageWidget';

/** Parameter of addresses that names the workspace. */
const WORKSPACE = 'ml-workspace';

export type Arguments = Readonly<Record<string, unknown>>;

/** A kind of pages. */
interface IPageKind<P extends IPlace, W extends PageWidget<P>> {
  /** The command that opens one. */
  readonly command: string;
  readonly label: string;
  /** In the palette; absent: the same. */
  readonly paletteLabel?: string;
  readonly caption: string;
  /** In menus and in the launcher. */
  readonly icon?: LabIcon;
  /** Whether the launcher has it. */
  readonly launched?: boolean;
  /** JSON schemas of the command's arguments, beside those that every kind has. */
  readonly args: Readonly<Record<string, ReadonlyPartialJSONObject>>;
  /** Begins the ids of the pages. */
  readonly namespace: string;
  /** By which a layout that a person has written in the settings of JupyterLab's shell knows them. */
  readonly type: string;
  /** Parameters of addresses that are this kind's. */
  readonly parameters: readonly string[];
  /** The place that arguments name, without the workspace; null: there is nothing to open. */
  readonly fromArguments: (args: Arguments) => P | null | Promise<P | null>;
  /** The place that an address names, without the workspace; null: none of this kind. */
  readonly fromAddress: (given: URLSearchParams) => P | null;
  /** Parameters of the address of a place, without the workspace. */
  readonly toAddress: (place: P) => Record<string, string> | URLSearchParams;
  /** What an address leaves out of a place. */
  readonly complete?: (place: P) => Promise<P>;
  /** The page that is to show a place, and shows it now; undefined: a new one. */
  readonly reuse: (find: (test: (page: W) => boolean) => W | undefined, place: P) => W | undefined;
  readonly make: (place: P) => W;
}

/** Text of an argument or a parameter; undefined when it is empty or none. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const inWorkspace = <P extends IPlace>(place: P | null, workspace: unknown): P | null => {
  const named = text(workspace);
  return place === null || named === undefined ? place : { ...place, workspace: named };
};

/** The place that the page's address names, which is taken out of it. */
function takeAddress<P extends IPlace>(
  kind: Pick<IPageKind<P, never>, 'fromAddress' | 'parameters'>
): P | null {
  const url = new URL(window.location.href);
  const place = inWorkspace(kind.fromAddress(url.searchParams), url.searchParams.get(WORKSPACE));
  if (place !== null) {
    [...kind.parameters, WORKSPACE].forEach(key => url.searchParams.delete(key));
    window.history.replaceState(window.history.state, '', url);
  }
  return place;
}

/** Notebook 7 has room for one document a window: pages open in JupyterLab, in another one. */
function openInLab<P extends IPlace>(
  app: JupyterFrontEnd,
  kind: Pick<IPageKind<P, never>, 'toAddress'>,
  place: P
): void {
  const query = new URLSearchParams(kind.toAddress(place));
  if (place.workspace) {
    query.set(WORKSPACE, place.workspace);
  }
  const { baseUrl } = app.serviceManager.serverSettings;
  window.open(`${URLExt.join(baseUrl, 'lab')}?${query}`, '_blank', 'noopener');
}

/** The pages of one kind that are open. */
class Pages<P extends IPlace, W extends PageWidget<P>> {
  readonly tracker: WidgetTracker<W>;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly kind: IPageKind<P, W>
  ) {
    this.tracker = new WidgetTracker<W>({ namespace: kind.namespace });
  }

  /** @param id - of the page that was there before a reload, which the layout knows by it */
  open(place: P, id?: string): void {
    const found = this.kind.reuse(test => this.tracker.find(test), place);
    this.app.shell.activateById((found ?? this.add(place, id)).id);
  }

  private add(place: P, id = `${this.kind.namespace}-${UUID.uuid4()}`): W {
    const page = this.kind.make(place);
    page.id = id;
    page.changed.connect(() => void this.tracker.save(page));
    void this.tracker.add(page);
    this.app.shell.add(page, 'main', { type: this.kind.type });
    return page;
  }
}

/** Arguments of the commands of all kinds. */
const SHARED_ARGS = {
  workspace: { type: 'string', description: 'Id of the workspace; the default one without it' },
  id: { type: 'string', description: 'Id of the page, when it is restored' },
  isPalette: { type: 'boolean', description: 'Asked for by the palette' }
};

/** Adds the command, in the palette and in the launcher too. */
function addCommand<P extends IPlace, W extends PageWidget<P>>(
  app: JupyterFrontEnd,
  kind: IPageKind<P, W>,
  open: (place: P, id?: string) => void
): void {
  app.commands.addCommand(kind.command, {
    label: ({ isPalette }) => (isPalette === true ? (kind.paletteLabel ?? kind.label) : kind.label),
    caption: kind.caption,
    icon: ({ isPalette }) => (isPalette === true ? undefined : kind.icon),
    describedBy: { args: { type: 'object', properties: { ...kind.args, ...SHARED_ARGS } } },
    execute: async args => {
      const place = inWorkspace(await kind.fromArguments(args), args.workspace);
      if (place !== null) {
        open(place, text(args.id));
      }
    }
  });
}

/** The plugin of a kind of pages. */
export function pagePlugin<P extends IPlace, W extends PageWidget<P>>(
  about: Pick<JupyterFrontEndPlugin<void>, 'id' | 'description'>,
  kindOf: (app: JupyterFrontEnd, hub: IRunHub, trans: TranslationBundle) => IPageKind<P, W>
): JupyterFrontEndPlugin<void> {
  return {
    ...about,
    autoStart: true,
    requires: [IRunHub],
    optional: [ILabShell, ILayoutRestorer, ICommandPalette, ILauncher, ITranslator],
    activate: (
      app: JupyterFrontEnd,
      hub: IRunHub,
      labShell: ILabShell | null,
      restorer: ILayoutRestorer | null,
      palette: ICommandPalette | null,
      launcher: ILauncher | null,
      translator: ITranslator | null
    ): void => {
      const trans = (translator ?? nullTranslator).load('ml_jupyter');
      const kind = kindOf(app, hub, trans);
      const { command } = kind;
      const pages = new Pages(app, kind);
      addCommand(app, kind, (place, id) =>
        labShell ? pages.open(place, id) : openInLab(app, kind, place)
      );
      palette?.addItem({ command, category: trans.__('Runs'), args: { isPalette: true } });
      if (kind.launched) {
        launcher?.add({ command, category: trans.__('Other') });
      }
      void restorer?.restore(pages.tracker, {
        command,
        args: page => ({ ...page.place, id: page.id }) as unknown as ReadonlyPartialJSONObject,
        // Not what it shows, which changes while the layout goes on knowing the page by this name.
        name: page => page.id
      });
      const link = labShell ? takeAddress(kind) : null;
      if (link !== null) {
        void app.restored.then(async () => pages.open((await kind.complete?.(link)) ?? link));
      }
    }
  };
}
