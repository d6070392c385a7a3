import React from 'react';
import { GLYPHS, type GlyphName } from './glyphs';

/** A 16 px glyph in the host's second ink. Decorative: what it means is said by the control around it. */
export function Icon({ name }: { name: GlyphName }): React.JSX.Element {
  const [viewBox, path] = GLYPHS[name];
  return (
    <svg className="jp-ml-icon" viewBox={viewBox} aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
