import React from 'react';
import { Icon } from './Icon';
import type { GlyphName } from './glyphs';

interface IBannerProps {
  readonly icon?: GlyphName;
  readonly children: React.ReactNode;
  /** Button at the right end. */
  readonly action?: React.ReactNode;
}

/** One calm line across a view about the view as a whole; announced politely. */
export function Banner({ icon, children, action }: IBannerProps): React.JSX.Element {
  return (
    <div className="jp-ml-banner" role="status">
      {icon && <Icon name={icon} />}
      <span className="jp-ml-grow">{children}</span>
      {action}
    </div>
  );
}
