import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { RUN_DRAG_TYPE } from '../components/data/actions';

const carriesRun = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes(RUN_DRAG_TYPE) ?? false;

/** Position of the cell under the pointer, and whether the pointer is in its upper half; -1 below the last one. */
function place(panel: NotebookPanel, event: DragEvent): { index: number; upper: boolean } {
  const cells = panel.content.widgets;
  const index = cells.findIndex(cell => cell.node.contains(event.target as Node));
  const box = cells[index]?.node.getBoundingClientRect();
  return { index, upper: box ? event.clientY < box.top + box.height / 2 : false };
}

/** Puts code into a new cell at a place of the notebook and goes there. */
function insertAt(panel: NotebookPanel, code: string, { index, upper }: ReturnType<typeof place>) {
  const notebook = panel.content;
  notebook.activeCellIndex = index < 0 ? notebook.widgets.length - 1 : index;
  if (upper) {
    NotebookActions.insertAbove(notebook);
  } else {
    NotebookActions.insertBelow(notebook);
  }
  notebook.activeCell?.model.sharedModel.setSource(code);
  void NotebookActions.focusActiveCell(notebook, { waitUntilReady: true });
}

/** Ends when the panel's node does. The editor would take the code as text otherwise, hence the capturing phase. */
function acceptRuns(panel: NotebookPanel): void {
  const { node } = panel.content;
  const onDrag = (event: DragEvent): void => {
    if (carriesRun(event) && event.dataTransfer) {
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = 'copy';
    }
  };
  node.addEventListener('dragenter', onDrag, true);
  node.addEventListener('dragover', onDrag, true);
  node.addEventListener(
    'drop',
    event => {
      if (carriesRun(event) && event.dataTransfer) {
        event.preventDefault();
        event.stopPropagation();
        insertAt(panel, event.dataTransfer.getData(RUN_DRAG_TYPE), place(panel, event));
      }
    },
    true
  );
}

export const dropRun: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:drop-run',
  description: 'Lets a run be dragged from the panel into a notebook, as the cell that loads it.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, notebooks: INotebookTracker): void => {
    notebooks.forEach(acceptRuns);
    notebooks.widgetAdded.connect((_tracker, panel) => acceptRuns(panel));
  }
};
