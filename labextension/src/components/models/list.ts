/** Search and order of the list of models. All pure. */
import type { IModel } from '../../model/models';

export type ModelSort = 'name' | 'framework' | 'size' | 'created';

function words(one: IModel): string {
  const labels = [...Object.entries(one.tags), ...Object.entries(one.properties)];
  return [
    one.name,
    one.description ?? '',
    one.user,
    frameworkOf(one),
    one.experiment ?? '',
    ...labels.flatMap(([key, value]) => [key, `${key}=${value ?? ''}`])
  ]
    .join('\n')
    .toLowerCase();
}

/** Models in which every word occurs: in name, description, person, framework, experiment, tag or property. */
export function searchModels<T extends IModel>(all: readonly T[], text: string): readonly T[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(one => {
    const found = words(one);
    return wanted.every(word => found.includes(word));
  });
}

/** "Onnx 1.16", or what of it is known. */
export const frameworkOf = (one: Pick<IModel, 'framework' | 'framework_version'>): string =>
  [one.framework, one.framework_version].filter(Boolean).join(' ');

const ORDERS: Readonly<Record<ModelSort, (a: IModel, b: IModel) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name),
  framework: (a, b) => frameworkOf(a).localeCompare(frameworkOf(b)),
  size: (a, b) => a.size - b.size,
  created: (a, b) => a.created_ms - b.created_ms
};

/** @param sort - what is sorted by, with `-` before it for the greatest first */
export function sortModels<T extends IModel>(all: readonly T[], sort: string): readonly T[] {
  const back = sort.startsWith('-');
  const order = ORDERS[(back ? sort.slice(1) : sort) as ModelSort] ?? ORDERS.name;
  return [...all].sort((a, b) => (back ? -1 : 1) * order(a, b));
}
