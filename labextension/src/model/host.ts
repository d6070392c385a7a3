/** What a view may ask of the program it is shown in (JupyterLab, a notebook output, the gallery). */
export interface IViewHost {
  /**
   * Asks once; resolves to false when the person keeps things as they are.
   *
   * @param message - a question, and after it what the answer leads to
   * @param verb - what the button says; "Stop" when absent
   */
  confirm(message: string, verb?: string): Promise<boolean>;
  /** Puts code into a new cell of the notebook in use. Absent: there is none to insert into. */
  insertCell?: (code: string) => void;
  /** Shows a message that goes away by itself; an error stays until it is closed. */
  notify(level: 'info' | 'success' | 'warning' | 'error', message: string): void;
  /** Shows the page of a run, at one of its tabs. */
  openRun(id: string, tab?: string): void;
  /** Shows runs side by side, the first one as the baseline. Absent: there is no place for such a page. */
  compareRuns?: (ids: readonly string[]) => void;
  /** Restarts a kernel of this server; its variables are lost. Absent: kernels cannot be reached from here. */
  restartKernel?: (kernel: string) => Promise<void>;
  /** Shows the page of queue and machine. Absent: there is none. */
  openQueue?: () => void;
  /** Shows the page of a model, at one of its versions. Absent: there is none. */
  openModel?: (name: string, version?: number) => void;
  /** Opens a file by its path in the server's file browser. Absent: there is none. */
  openPath?: (path: string) => void;
}
