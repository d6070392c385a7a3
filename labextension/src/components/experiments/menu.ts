import type { MenuEntry } from '../ui/Menu';

/** A menu that is open, as the page shows it. */
export interface IOpenMenu {
  readonly label: string;
  readonly at: { readonly x: number; readonly y: number };
  readonly entries: readonly MenuEntry[];
}
