/** Bytes as they travel in JSON and as people read them. */

export function fromBase64(text: string): Uint8Array {
  const letters = atob(text);
  const data = new Uint8Array(letters.length);
  for (let i = 0; i < data.length; i += 1) {
    data[i] = letters.charCodeAt(i);
  }
  return data;
}

export function toBase64(data: Uint8Array): string {
  let text = '';
  for (const byte of data) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}

export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Where to begin for an offset which counts from the end when negative; always within the file. */
export function startAt(offset: number, size: number): number {
  return offset < 0 ? Math.max(0, size + offset) : Math.min(offset, size);
}

/** The same, moved forward to the start of a line when it counts from the end. */
export function startOfLine(data: Uint8Array, offset: number): number {
  const start = startAt(offset, data.length);
  if (offset >= 0 || start === 0) {
    return start;
  }
  const newline = data.indexOf(10, start - 1);
  return newline < 0 ? start : newline + 1;
}
