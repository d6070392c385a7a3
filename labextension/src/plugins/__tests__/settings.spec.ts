import { SettingRegistry, type ISettingRegistry } from '@jupyterlab/settingregistry';
import { nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import schema from '../../../schema/notices.json';
import { loadSettings } from '../settings';

const ID = 'ml-jupyter:notices';

/** A server that has one person's settings. */
function server(): SettingRegistry.IOptions['connector'] {
  let raw = '{}';
  return {
    fetch: async id => ({
      id,
      data: { composite: {}, user: {} },
      raw,
      schema: JSON.parse(JSON.stringify(schema)) as ISettingRegistry.ISchema,
      version: '1'
    }),
    save: async (_, text) => {
      raw = text;
    },
    list: async () => ({ ids: [ID], values: [] }),
    remove: async () => undefined
  };
}

const spanish: TranslationBundle = Object.assign(
  Object.create(nullTranslator.load('')) as TranslationBundle,
  { gettext: (text: string) => ({ Ends: 'Finales', ends: 'finales' })[text] ?? text }
);

describe('settings', () => {
  it('have their titles in the language of the page, also after they are saved', async () => {
    const registry = new SettingRegistry({ connector: server() });
    const settings = await loadSettings(registry, ID, spanish);
    const titles = (): unknown[] =>
      ['ends', 'stallMinutes'].map(key => settings.schema.properties?.[key]?.title);
    expect(titles()).toEqual(['Finales', 'Minutes until a run counts as stalled']);
    await settings.set('ends', false);
    expect(titles()).toEqual(['Finales', 'Minutes until a run counts as stalled']);
    expect(settings.composite).toMatchObject({ ends: false, failures: true, stallMinutes: 15 });
  });
});
