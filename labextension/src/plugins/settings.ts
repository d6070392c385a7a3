/** The settings of a plugin, their titles in the language of the page. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PartialJSONValue } from '@lumino/coreutils';

/** Keys of a schema whose text people read. */
const READ = ['title', 'description', 'jupyter.lab.setting-icon-label'];

/** A schema with its titles and descriptions translated; what has no translation stays as it is. */
function translated<T extends PartialJSONValue | undefined>(
  schema: T,
  trans: TranslationBundle
): T {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return schema;
  }
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    READ.includes(key) && typeof value === 'string'
      ? // Words of schema/, where scripts/words.mjs collects them.
        // eslint-disable-next-line jupyter/no-dynamic-translation
        trans.gettext(value)
      : translated(value, trans)
  ]);
  return Object.fromEntries(entries) as T;
}

/**
 * Loads the settings of a plugin whose schema says `jupyter.lab.transform`: JupyterLab keeps such a schema back until it
 * is known how it is read. Its server translates schemas from language packs alone, where an extension has no words.
 */
export function loadSettings(
  registry: ISettingRegistry,
  id: string,
  trans: TranslationBundle
): Promise<ISettingRegistry.ISettings> {
  registry.transform(id, {
    fetch: plugin => ({ ...plugin, schema: translated(plugin.schema, trans) })
  });
  return registry.load(id);
}
