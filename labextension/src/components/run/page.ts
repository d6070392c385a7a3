import type { IViewHost } from '../../model/host';
import type { IRunSource } from '../../model/source';
import type { IRunDetail } from '../../model/types';
import type { RunTab } from './tabs';

/** What each tab of a run's page is given. */
export interface ITabProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
  /** Width of the page, px. */
  readonly width: number;
  readonly onTab: (tab: RunTab) => void;
  readonly onOpenRun: (id: string, tab?: string) => void;
}
