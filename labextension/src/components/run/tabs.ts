/** The tabs of a run's page, and how a link names one with what it shows. All pure. */
import { trans } from '../../model/language';
import type { IRunDetail } from '../../model/types';

export const RUN_TABS = [
  'overview',
  'trials',
  'metrics',
  'log',
  'files',
  'tensorboard',
  'children',
  'system',
  'code',
  'environment',
  'details'
] as const;

export type RunTab = (typeof RUN_TABS)[number];

/** What a tab shows of what it has: `file` and `line` of the code, `x` of the charts … */
export type TabPlace = Readonly<Record<string, string>>;

/** What the tab is called. */
export function tabWord(tab: RunTab): string {
  switch (tab) {
    case 'overview':
      return trans.__('Overview');
    case 'trials':
      return trans.__('Trials');
    case 'metrics':
      return trans.__('Metrics');
    case 'log':
      return trans.__('Log');
    case 'files':
      return trans.__('Files');
    case 'tensorboard':
      return 'TensorBoard';
    case 'children':
      return trans.__('Children');
    case 'system':
      return trans.__('System');
    case 'code':
      return trans.__('Code');
    case 'environment':
      return trans.__('Environment');
    default:
      return trans.__('Details');
  }
}

/** The tabs of a run: only a sweep has trials. */
export const tabsOf = (run: Pick<IRunDetail, 'sweep'>): readonly RunTab[] =>
  RUN_TABS.filter(tab => tab !== 'trials' || Boolean(run.sweep));

/** The tab of that name; the overview for any other. */
export function toTab(name: string): RunTab {
  return RUN_TABS.find(tab => tab === name) ?? 'overview';
}

/** A tab and its place from their text: `code?file=train.py&line=148`. */
export function readTab(text: string): { tab: RunTab; at: TabPlace } {
  const [name = '', rest = ''] = text.split('?');
  return { tab: toTab(name), at: Object.fromEntries(new URLSearchParams(rest)) };
}

/** The text that `readTab` reads. */
export function tabText(tab: RunTab, at: TabPlace = {}): string {
  const parameters = new URLSearchParams(at).toString();
  return parameters === '' ? tab : `${tab}?${parameters}`;
}

/** The address of a run's page at a tab: its parameters stand beside the tab's own. */
export function tabLink(page: string, tab: RunTab, at: TabPlace): string {
  const parameters = new URLSearchParams({ tab, ...at }).toString();
  return `${page}${page.includes('?') ? '&' : '?'}${parameters}`;
}

/** Keys of a page's address that belong to what one of its tabs shows. */
export const PLACE_KEYS = [
  'file',
  'line',
  'log',
  'with',
  'runs',
  'x',
  'axis',
  'smooth',
  'logy',
  'show',
  'colour'
] as const;

/** How many tabs a page of this width shows; the others are under "More". */
export function tabsShown(width: number): number {
  return width >= 880 ? RUN_TABS.length : width >= 560 ? 6 : width >= 480 ? 5 : 3;
}
