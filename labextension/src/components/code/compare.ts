/** Which files of two snapshots differ, and which file a traceback means. All pure. */
import type { ICodeFile } from '../../model/code';

export interface ICodeChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly size: number;
}

/** Files that are not the same in both, by path. */
export function changedFiles(
  before: readonly ICodeFile[],
  after: readonly ICodeFile[]
): readonly ICodeChange[] {
  const old = new Map(before.map(file => [file.path, file]));
  const changes = after.flatMap((file): ICodeChange[] => {
    const was = old.get(file.path);
    old.delete(file.path);
    return was?.digest === file.digest
      ? []
      : [{ path: file.path, change: was ? 'changed' : 'added', size: file.size }];
  });
  const removed = [...old.values()].map(({ path, size }): ICodeChange => ({
    path,
    change: 'removed',
    size
  }));
  return [...changes, ...removed].sort((a, b) => a.path.localeCompare(b.path));
}

/**
 * The file of a snapshot that a traceback's path means: the one whose path is the longest end of it.
 *
 * @returns null when none is
 */
export function fileOf(path: string, files: readonly ICodeFile[]): string | null {
  const plain = `/${path.replace(/\\/g, '/')}`;
  const ends = files.map(file => file.path).filter(own => plain.endsWith(`/${own}`));
  return ends.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** The file shown first: the run's script, else a file that reads like one, else the first. */
export function firstFile(files: readonly ICodeFile[], script: string | null): string | null {
  const named = script === null ? undefined : files.find(file => file.path === script);
  const python = files.find(file => /^[^/]+\.py$/.test(file.path));
  return (named ?? python ?? files[0])?.path ?? null;
}
