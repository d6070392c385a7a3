import { fromBase64 } from '../sources/bytes';
import type { IBlobs } from '../sources/exported';

const KINDS: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  html: 'text/html',
  htm: 'text/html'
};

/** Content of an element of the page: gzip in base64. */
export async function unpacked(name: string): Promise<Uint8Array> {
  const text = document.getElementById(name)?.textContent ?? '';
  const packed = new Blob([fromBase64(text)]).stream();
  const plain = packed.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/** Contents of the page's elements, each unpacked once. */
export class PageBlobs implements IBlobs {
  private readonly known = new Map<string, Promise<Uint8Array>>();
  private readonly urls = new Map<string, string>();

  bytes(name: string): Promise<Uint8Array> {
    const found = this.known.get(name) ?? unpacked(name);
    this.known.set(name, found);
    return found;
  }

  url(name: string, path: string): string | null {
    return this.urls.get(`${name} ${path}`) ?? null;
  }

  /** Makes addresses, so that `url` can answer at once. */
  async prepare(files: readonly { path: string; blob: string | null }[]): Promise<void> {
    for (const { path, blob } of files) {
      if (blob !== null) {
        const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
        const type = KINDS[ending] ?? 'application/octet-stream';
        const content = new Blob([await this.bytes(blob)], { type });
        this.urls.set(`${blob} ${path}`, URL.createObjectURL(content));
      }
    }
  }
}
