import React, { forwardRef } from 'react';
import { Icon } from './Icon';
import type { GlyphName } from './glyphs';

interface IButtonProps extends Omit<React.ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  /** `plain` has a border, `primary` is filled (one a view), `quiet` has neither, `link` reads as text. */
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'link';
  readonly icon?: GlyphName;
}

/** A 24 px button; its label is a verb, with its object when that is not plain. */
export const Button = forwardRef<HTMLButtonElement, IButtonProps>(function Button(
  { kind = 'plain', icon, children, className, ...rest },
  ref
) {
  const classes = ['jp-ml-btn', `jp-ml-btn-${kind}`, className].filter(Boolean).join(' ');
  return (
    <button ref={ref} type="button" className={classes} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
});

interface IIconButtonProps extends Omit<React.ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  readonly icon: GlyphName;
  /** Accessible name and tooltip. */
  readonly label: string;
  /** A toggle's state; absent: not a toggle. */
  readonly pressed?: boolean;
}

/** A 24 × 24 px button with a glyph only. */
export const IconButton = forwardRef<HTMLButtonElement, IIconButtonProps>(function IconButton(
  { icon, label, pressed, className, ...rest },
  ref
) {
  const classes = ['jp-ml-btn', 'jp-ml-btn-icon', className].filter(Boolean).join(' ');
  return (
    <button
      ref={ref}
      type="button"
      className={classes}
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
});
