import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import React from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { readSnapshot } from '../model/snapshot';
import type { IViewHost } from '../model/host';
import type { IRunSource } from '../model/source';
import { later } from '../components/ui/later';
import { SkeletonRows } from '../components/ui/Skeleton';

const LiveOrSaved = later(
  async () => (await import('./LiveOrSaved')).LiveOrSaved,
  () => <SkeletonRows count={3} />
);

export interface IRunRendererOptions {
  readonly mimeType: string;
  /** The server's side of a workspace; shared, not disposed of by the renderer. */
  readonly source: (workspace: string) => IRunSource;
  readonly host: (workspace: string) => IViewHost;
  /** Has the server look for a workspace that nobody has opened near the document. */
  readonly lookBeside?: (workspace: string) => Promise<unknown>;
}

/** Draws a run in a notebook's output: live through the server, else what the notebook has kept. */
export class RunRenderer extends Widget implements IRenderMime.IRenderer {
  private root: Root | null = null;

  private readonly besides = new Map<string, () => Promise<unknown>>();

  constructor(private readonly options: IRunRendererOptions) {
    super();
    this.addClass('jp-ml-output');
  }

  /** Draws the model's data; data that is no snapshot is answered with a sentence, never an exception. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const snapshot = readSnapshot(model.data[this.options.mimeType]);
    this.root ??= createRoot(this.node);
    this.root.render(
      'unreadable' in snapshot ? (
        <p className="jp-ml-root jp-ml-dim">{snapshot.unreadable}</p>
      ) : (
        <LiveOrSaved
          snapshot={snapshot}
          live={this.options.source(snapshot.workspace_id)}
          host={this.options.host(snapshot.workspace_id)}
          lookBeside={this.lookBeside(snapshot.workspace_id)}
        />
      )
    );
    await Promise.resolve();
  }

  /** The same function each time, so that drawing anew does not ask anew. */
  private lookBeside(workspace: string): (() => Promise<unknown>) | undefined {
    const { lookBeside } = this.options;
    if (lookBeside && !this.besides.has(workspace)) {
      this.besides.set(workspace, () => lookBeside(workspace));
    }
    return this.besides.get(workspace);
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.root?.unmount();
    this.root = null;
    super.dispose();
  }
}
