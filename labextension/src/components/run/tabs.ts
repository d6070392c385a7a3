/** The tabs of a run's page. */
export const RUN_TABS = [
  ['overview', 'Overview'],
  ['metrics', 'Metrics'],
  ['log', 'Log'],
  ['files', 'Files'],
  ['tensorboard', 'TensorBoard'],
  ['children', 'Children'],
  ['details', 'Details']
] as const;

export type RunTab = (typeof RUN_TABS)[number][0];

/** The tab of that name; the overview for any other. */
export function toTab(name: string): RunTab {
  return RUN_TABS.find(([tab]) => tab === name)?.[0] ?? 'overview';
}

/** How many tabs a page of this width shows; the others are under "More". */
export function tabsShown(width: number): number {
  return width >= 680 ? RUN_TABS.length : width >= 480 ? 5 : 3;
}
