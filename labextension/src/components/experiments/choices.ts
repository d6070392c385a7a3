/** The menu of columns that a person chooses from. */
import { trans } from '../../model/language';
import type { IExperimentColumns } from '../../model/types';
import type { MenuEntry } from '../ui/Menu';
import type { ColumnId } from './view';

/** A menu of more entries would be longer than the window. */
const MOST_OF_A_KIND = 12;

/** Metrics, parameters and tags, those that are shown with a mark; chosen ones beyond the commonest stay in it. */
export function columnMenu(
  known: IExperimentColumns | null,
  chosen: readonly ColumnId[],
  onChange: (chosen: readonly ColumnId[]) => void
): readonly MenuEntry[] {
  const groups = (
    [
      ['metric:', known?.metrics],
      ['param:', known?.parameters],
      ['tag:', known?.tags]
    ] as const
  ).map(([kind, names = []]) => {
    const shown = chosen.filter(id => id.startsWith(kind));
    const common = names.slice(0, MOST_OF_A_KIND).map(name => kind + name);
    return [...new Set([...common, ...shown])];
  });
  const entries = groups
    .filter(group => group.length > 0)
    .map(group =>
      group.map((id): MenuEntry => {
        const on = chosen.includes(id);
        return {
          label: id.replace(':', ': '),
          checked: on,
          run: () => onChange(on ? chosen.filter(one => one !== id) : [...chosen, id])
        };
      })
    );
  if (entries.length === 0) {
    return [{ label: trans.__('Nothing to choose yet'), disabled: true, run: () => undefined }];
  }
  return entries.flatMap((group, i) => (i === 0 ? group : ['separator' as const, ...group]));
}
