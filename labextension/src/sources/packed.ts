/** Numbers that the server packs: base64 of little-endian 32-bit floats. */
import type { IChildCurves, IPackedCurves } from '../model/children';
import { fromBase64 } from './bytes';

/** Curves as they come over HTTP. */
export interface ICurvesBody {
  readonly ids: readonly string[];
  readonly curves: readonly (Omit<IPackedCurves, 'x' | 'y'> & {
    readonly x: string;
    readonly y: string;
  })[];
}

function floats(text: string): Float32Array {
  const bytes = fromBase64(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Float32Array(bytes.byteLength >> 2);
  for (let i = 0; i < found.length; i += 1) {
    found[i] = view.getFloat32(i << 2, true);
  }
  return found;
}

/** The curves of an answer with their numbers. */
export const unpacked = ({ ids, curves }: ICurvesBody): IChildCurves => ({
  ids,
  curves: curves.map(one => ({ ...one, x: floats(one.x), y: floats(one.y) }))
});
