/** Whose runs are told of: the workspaces that are there, each watched once. */
import type { IDisposable } from '../model/source';
import type { IWorkspaceInfo } from '../model/types';

/** As many as are watched at a time. */
const MOST = 20;

export class WatchedWorkspaces {
  private readonly watched = new Map<string, IDisposable>();
  /** Ids of all that were ever there. */
  private readonly met = new Set<string>();
  private first = true;

  /**
   * @param list - the workspaces that are there now
   * @param watch - begins to watch one; `made` says that it was made after the first look, so that all in it is news
   */
  constructor(
    private readonly list: () => Promise<readonly IWorkspaceInfo[]>,
    private readonly watch: (workspace: IWorkspaceInfo, made: boolean) => IDisposable
  ) {}

  /** Watches those that have come, and no longer those that have gone. */
  async look(): Promise<void> {
    const all = await this.list().catch(() => null);
    if (!all) {
      return;
    }
    const there = new Set(all.map(one => one.id));
    [...this.watched].filter(([id]) => !there.has(id)).forEach(([id]) => this.leave(id));
    const fresh = all.filter(one => !this.watched.has(one.id));
    for (const one of fresh.slice(0, MOST - this.watched.size)) {
      this.watched.set(one.id, this.watch(one, !this.first && !this.met.has(one.id)));
    }
    there.forEach(id => this.met.add(id));
    this.first = false;
  }

  private leave(id: string): void {
    this.watched.get(id)?.dispose();
    this.watched.delete(id);
  }
}
