import { useCallback, useEffect, useState } from 'react';
import type { ISavedView, ISavedViewEntry, ViewContent, ViewKind } from '../../model/compare';
import { asSourceError } from '../../model/errors';
import { trans } from '../../model/language';
import type { IRunSource, ISourceError } from '../../model/source';

export interface ISavedViewState {
  /** The view as it was read or saved last; null: nothing is saved under a name yet. */
  readonly view: ISavedView | null;
  /** Whether the page shows something else than what is saved. */
  readonly edited: boolean;
  /** Whether this user may save at all. */
  readonly canWrite: boolean;
  readonly busy: boolean;
  readonly error: ISourceError | null;
  /** Someone else saved the view since it was read: which version is to stay? */
  readonly conflict: boolean;
  readonly open: (id: string) => Promise<ISavedView | null>;
  readonly save: () => Promise<void>;
  readonly saveAs: (name: string) => Promise<void>;
  readonly rename: (name: string) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  /** Of two versions: theirs replaces what is shown, or mine replaces theirs. */
  readonly settle: (which: 'theirs' | 'mine') => Promise<void>;
  readonly list: () => Promise<readonly ISavedViewEntry[]>;
}

const same = (one: ViewContent, other: ViewContent): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/**
 * A page's content kept under a name in the workspace.
 *
 * @param content - what the page shows now; the order of its keys is the page's own, and always the same
 * @param onContent - shows what was saved
 * @param first - id of the view that the page was opened with
 */
export function useSavedView(
  source: IRunSource,
  kind: ViewKind,
  content: ViewContent,
  onContent: (view: ISavedView) => ViewContent,
  first: string | null
): ISavedViewState {
  const [view, setView] = useState<ISavedView | null>(null);
  const [kept, setKept] = useState<ViewContent | null>(null);
  const [busy, setBusy] = useState(first !== null);
  const [error, setError] = useState<ISourceError | null>(null);
  const [conflict, setConflict] = useState(false);

  const attempt = useCallback(async <T>(act: () => Promise<T>): Promise<T | null> => {
    setBusy(true);
    setError(null);
    try {
      return await act();
    } catch (reason) {
      const failed = asSourceError(reason);
      setConflict(failed.code === 'view_changed');
      setError(failed);
      return null;
    } finally {
      setBusy(false);
    }
  }, []);

  const canWrite = source.command !== undefined && (view?.can_write ?? true);
  /** `command` is called as a method: sources keep their state in themselves. */
  const order = useCallback<NonNullable<IRunSource['command']>>(
    (name, args) =>
      source.command
        ? source.command(name, args)
        : Promise.reject(new Error(trans.__('Read-only.'))),
    [source]
  );

  const open = useCallback(
    (id: string) =>
      attempt(async () => {
        const found = await source.query('view', { id });
        setKept(onContent(found));
        setView(found);
        setConflict(false);
        return found;
      }),
    // What the page does with a content may be written in place.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [attempt, source]
  );
  useEffect(() => {
    if (first !== null) {
      void open(first);
    }
  }, [first, open]);

  const took = (saved: ISavedView): void => {
    setView(saved);
    setKept(content);
    setConflict(false);
  };
  const change = async (revision: number, name?: string): Promise<void> => {
    if (view) {
      await attempt(async () =>
        took(
          await order('changeView', {
            id: view.id,
            revision,
            ...(name === undefined ? { content } : { name })
          })
        )
      );
    }
  };
  return {
    view,
    edited: view !== null && kept !== null && !same(content, kept),
    canWrite,
    busy,
    error,
    conflict,
    open,
    save: () => change(view?.revision ?? 1),
    saveAs: async name => {
      await attempt(async () => took(await order('createView', { kind, name, content })));
    },
    rename: async name => {
      const before = kept;
      await change(view?.revision ?? 1, name);
      setKept(before);
    },
    remove: async id => {
      await attempt(async () => {
        await order('deleteView', { id });
        if (id === view?.id) {
          setView(null);
          setKept(null);
        }
      });
    },
    settle: async which => {
      if (view && which === 'theirs') {
        await open(view.id);
      } else if (view) {
        const now = await attempt(() => source.query('view', { id: view.id }));
        if (now) {
          await change(now.revision);
        }
      }
    },
    list: async () => (await attempt(() => source.query('views', { kind }))) ?? []
  };
}
