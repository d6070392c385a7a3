/** How a file can be looked at, judged by its name and first bytes. All pure. */

export type PreviewKind = 'image' | 'page' | 'json' | 'csv' | 'notebook' | 'text';

const KINDS: Readonly<Record<string, PreviewKind>> = {
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  webp: 'image',
  bmp: 'image',
  svg: 'page',
  html: 'page',
  htm: 'page',
  json: 'json',
  csv: 'csv',
  tsv: 'csv',
  ipynb: 'notebook'
};

/** Text until its bytes say otherwise. */
export function previewKind(path: string): PreviewKind {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return KINDS[ending] ?? 'text';
}

/** Whether bytes are no text: they hold a NUL, or mostly what UTF-8 does not allow. */
export function isBinary(data: Uint8Array): boolean {
  if (data.includes(0)) {
    return true;
  }
  const text = new TextDecoder().decode(data);
  const wrong = text.split('\ufffd').length - 1;
  return wrong > text.length / 20 + 1;
}

/** Fields of one line of CSV (RFC 4180): quotes hold separators, a doubled quote is a quote. */
export function csvFields(line: string, separator: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const letter = line[i] ?? '';
    if (quoted && letter === '"' && line[i + 1] === '"') {
      field += '"';
      i += 1;
    } else if (letter === '"') {
      quoted = !quoted;
    } else if (letter === separator && !quoted) {
      fields.push(field);
      field = '';
    } else {
      field += letter;
    }
  }
  return [...fields, field];
}

/** The first rows of a table as text. A last line that the bytes cut through is left out. */
export function csvHead(
  text: string,
  path: string,
  rows: number,
  whole: boolean
): readonly (readonly string[])[] {
  const lines = text.split(/\r?\n/);
  const complete = whole ? lines : lines.slice(0, -1);
  const separator = /\.tsv$/i.test(path) ? '\t' : ',';
  return complete
    .filter(line => line !== '')
    .slice(0, rows)
    .map(line => csvFields(line, separator));
}

/** JSON laid out over lines; the text as it is when it is cut or no JSON. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The source of a notebook's cells in order; null when the text is no whole notebook. */
export function notebookCells(
  text: string
): readonly { readonly type: string; readonly source: string }[] | null {
  try {
    const { cells } = JSON.parse(text) as { cells?: unknown };
    if (!Array.isArray(cells)) {
      return null;
    }
    return cells.map((cell: unknown) => {
      const { cell_type: type, source } = (cell ?? {}) as { cell_type?: unknown; source?: unknown };
      return {
        type: typeof type === 'string' ? type : 'raw',
        source: Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : ''
      };
    });
  } catch {
    return null;
  }
}
