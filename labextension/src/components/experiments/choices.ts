/** What a person chooses columns and axes from. All pure. */
import { trans } from '../../model/language';
import type { IExperimentColumns } from '../../model/types';
import type { IColumn } from '../compare/columns';
import type { MenuEntry } from '../ui/Menu';
import { columnName } from './columns';
import type { ColumnId, IExperimentView } from './view';

const GROUPS = { metric: 'metrics', param: 'parameters', tag: 'tags' } as const;

/** Every metric, parameter and tag, commonest first; chosen ones that no run has any more stay in it. */
export function choices(
  known: IExperimentColumns | null,
  chosen: readonly ColumnId[]
): readonly IColumn[] {
  const all = (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).flatMap(kind => {
    const names = known?.[GROUPS[kind]] ?? [];
    const ids = [...names.map(name => `${kind}:${name}`), ...chosen.filter(id => isOf(kind, id))];
    return [...new Set(ids)].map(id => ({ id, group: GROUPS[kind] }));
  });
  return all.map(({ id, group }) => ({ id, label: columnName(id), group, values: [] }));
}

const isOf = (kind: string, id: ColumnId): boolean => id.startsWith(`${kind}:`);

/** A menu of more charts would be longer than the window. */
const MOST_CHARTS = 24;

/** Charts that can be added: one of each metric, with a mark when it is there, and one of two values. */
export function chartMenu(
  known: IExperimentColumns | null,
  view: IExperimentView,
  onChange: (change: Partial<IExperimentView>) => void
): readonly MenuEntry[] {
  const { charts, scatters } = view;
  const names = known?.metrics ?? [];
  const y = `metric:${names[0] ?? ''}`;
  const x = known?.parameters[0]
    ? `param:${known.parameters[0]}`
    : `metric:${names[1] ?? names[0]}`;
  const toggled = (name: string): readonly string[] =>
    charts.includes(name) ? charts.filter(one => one !== name) : [...charts, name];
  return [
    ...[...new Set([...names.slice(0, MOST_CHARTS), ...charts])].map(name => ({
      label: name,
      checked: charts.includes(name),
      run: () => onChange({ charts: toggled(name) })
    })),
    'separator',
    {
      label: trans.__('Scatter'),
      disabled: names.length === 0,
      run: () => onChange({ scatters: [...scatters, { x, y }] })
    }
  ];
}
