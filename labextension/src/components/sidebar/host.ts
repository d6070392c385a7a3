import type { IViewHost } from '../../model/host';

/** What the sidebar asks of its program beyond what every view does. */
export interface ISidebarHost extends IViewHost {
  /** Shows the page of a run in a tab that stays when another run is looked at. */
  pinRun(id: string): void;
  /** Asks for one line of text; null when the person gives none. */
  prompt(title: string, label: string): Promise<string | null>;
  /** Shows a TensorBoard of this server beside the other pages. Absent: there is no place for it. */
  openPage?: (url: string, title: string) => void;
  /** Says what was done, with a button to take it back. */
  offerUndo(message: string, undo: () => void): void;
}
