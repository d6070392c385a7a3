/** Metrics by the part of their names before the first slash. All pure. */

export interface IMetricGroup<T> {
  /** Empty for those without a slash, which come first. */
  readonly name: string;
  readonly members: readonly T[];
}

/** Groups need so many members to be worth a head, and there must be so many of them. */
const ENOUGH = 2;

const groupOf = (name: string): string => (name.includes('/') ? (name.split('/')[0] ?? '') : '');

/**
 * Metrics in groups, each in the order in which its first one appears; all in one group without a name where
 * grouping would tell nothing.
 */
export function grouped<T extends { readonly name: string }>(
  metrics: readonly T[]
): readonly IMetricGroup<T>[] {
  const groups = new Map<string, T[]>([['', []]]);
  for (const metric of metrics) {
    const name = groupOf(metric.name);
    groups.set(name, [...(groups.get(name) ?? []), metric]);
  }
  const large = [...groups].filter(([name, members]) => name !== '' && members.length >= ENOUGH);
  if (large.length < ENOUGH) {
    return [{ name: '', members: metrics }];
  }
  const names = new Set(large.map(([name]) => name));
  const rest = metrics.filter(metric => !names.has(groupOf(metric.name)));
  return [
    ...(rest.length > 0 ? [{ name: '', members: rest }] : []),
    ...large.map(([name, members]) => ({ name, members }))
  ];
}
