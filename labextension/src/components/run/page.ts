import type { IViewHost } from '../../model/host';
import type { IRunSource } from '../../model/source';
import type { IRunDetail } from '../../model/types';
import type { RunTab, TabPlace } from './tabs';

/** What each tab of a run's page is given. */
export interface ITabProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
  /** Width of the page, px. */
  readonly width: number;
  /** What this tab shows of what it has; part of the page's link. */
  readonly at: TabPlace;
  /** Shows other things in this tab; a key that is undefined is taken out of the link. */
  readonly onAt: (change: Readonly<Record<string, string | undefined>>) => void;
  readonly onTab: (tab: RunTab, at?: TabPlace) => void;
  readonly onOpenRun: (id: string, tab?: string) => void;
}
