/** A run's files as folders. All pure. */
import type { IFileEntry } from '../../model/types';

export interface ITreeRow {
  /** Path of the file or folder; a folder's ends in no slash. */
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Null for a folder. */
  readonly file: IFileEntry | null;
  /** Bytes: the file's, or all below the folder. */
  readonly size: number;
  /** Files below the folder. */
  readonly count: number;
  readonly open: boolean;
}

interface IFolder {
  readonly folders: Map<string, IFolder>;
  readonly files: IFileEntry[];
  size: number;
  count: number;
}

const emptyFolder = (): IFolder => ({ folders: new Map(), files: [], size: 0, count: 0 });

function build(files: readonly IFileEntry[]): IFolder {
  const root = emptyFolder();
  for (const file of files) {
    let folder = root;
    for (const name of file.path.split('/').slice(0, -1)) {
      const next = folder.folders.get(name) ?? emptyFolder();
      folder.folders.set(name, next);
      next.size += file.size;
      next.count += 1;
      folder = next;
    }
    folder.files.push(file);
  }
  return root;
}

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function walk(folder: IFolder, at: string, depth: number, closed: ReadonlySet<string>): ITreeRow[] {
  const folders = [...folder.folders]
    .sort(([a], [b]) => byName(a, b))
    .flatMap(([name, inner]) => {
      const path = at + name;
      const open = !closed.has(path);
      const row = { path, name, depth, file: null, size: inner.size, count: inner.count, open };
      return [row, ...(open ? walk(inner, `${path}/`, depth + 1, closed) : [])];
    });
  const files = [...folder.files]
    .sort((a, b) => byName(a.path, b.path))
    .map(file => ({
      path: file.path,
      name: file.path.slice(at.length),
      depth,
      file,
      size: file.size,
      count: 1,
      open: false
    }));
  return [...folders, ...files];
}

/** Rows of the tree from top to bottom, less what lies in closed folders; folders first, numbers in names as numbers. */
export function treeRows(
  files: readonly IFileEntry[],
  closed: ReadonlySet<string>
): readonly ITreeRow[] {
  return walk(build(files), '', 0, closed);
}
