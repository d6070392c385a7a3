/** What a model asks for when it is deployed, in words. All pure. */
import { trans } from '../../model/language';
import type { IModel } from '../../model/models';

function word(key: string): string {
  const words: Readonly<Record<string, string>> = {
    cpu: trans.__('CPU cores'),
    memoryInGB: trans.__('Memory, GB'),
    gpu: trans.__('GPUs')
  };
  return words[key] ?? key;
}

/** The parts that were given, under their names; a key that this version does not know under its own. */
export function resourceEntries(
  resources: IModel['resources']
): readonly (readonly [string, string])[] {
  return Object.entries(resources ?? {})
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => [word(key), typeof value === 'string' ? value : JSON.stringify(value)]);
}
