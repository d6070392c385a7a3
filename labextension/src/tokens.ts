import { Token } from '@lumino/coreutils';
import type { ISidebarHost } from './components/sidebar/host';
import type { IRunSource } from './model/source';
import type { IWorkspaceInfo } from './model/types';

/** Names of the commands; each is in the palette. */
export const CommandIDs = {
  showRuns: 'ml-jupyter:show-runs',
  openRun: 'ml-jupyter:open-run',
  insertCode: 'ml-jupyter:insert-code',
  stopRun: 'ml-jupyter:stop-run',
  repeatRun: 'ml-jupyter:repeat-run',
  copyRun: 'ml-jupyter:copy-run',
  openQueue: 'ml-jupyter:open-queue',
  allowNotices: 'ml-jupyter:allow-notices',
  showExperiments: 'ml-jupyter:show-experiments',
  showModels: 'ml-jupyter:show-models',
  compareRuns: 'ml-jupyter:compare-runs'
} as const;

/** Which run to show, and how. */
export interface IOpenRun {
  readonly run: string;
  readonly tab?: string;
  /** Id of its workspace; absent: the user's default one. */
  readonly workspace?: string;
  /** In a tab of its own, which stays when another run is looked at. */
  readonly pin?: boolean;
}

/** The runs of the Jupyter server, for this package's plugins and for other extensions. */
export interface IRunHub {
  /** The runs of a workspace, or of the user's default one; the same object each time, not to be disposed of. */
  source(workspace?: string | null): IRunSource;
  workspaces(): Promise<readonly IWorkspaceInfo[]>;
  /**
   * Has the server open a workspace that lies near a notebook's folder, as when both were copied from elsewhere.
   * The folder is as the server names it, empty for its root; rejected where no such workspace is found.
   */
  lookBeside(workspace: string, folder: string): Promise<IWorkspaceInfo>;
  /** What a view of a workspace may ask of JupyterLab. */
  host(workspace?: string | null): ISidebarHost;
  open(what: IOpenRun): void;
}

export const IRunHub = new Token<IRunHub>(
  'ml-jupyter:IRunHub',
  'The runs that the Jupyter server knows, live, and the way to show one.'
);
