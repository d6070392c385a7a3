/** The models of a fake workspace. */
import { SourceError } from '../../model/errors';
import { modelKey, type IModelEntry, type IModelVersion } from '../../model/models';
import type { World } from './world';

/** All versions of a name, newest first. */
export function versionsOf(world: World, name: string): readonly IModelVersion[] {
  const found = [...world.models.values()].filter(one => one.name === name);
  if (found.length === 0) {
    throw new SourceError('model_not_found', `There is no model '${name}'.`);
  }
  return found.sort((a, b) => b.version - a.version).map(one => withServices(world, one));
}

/** The newest version of each, or those of a run. */
export function modelsOf(world: World, run?: string): readonly IModelEntry[] {
  const names = [...new Set([...world.models.values()].map(one => one.name))];
  return names
    .flatMap(name => {
      const all = versionsOf(world, name);
      const wanted = run === undefined ? all.slice(0, 1) : all.filter(one => one.run_id === run);
      return wanted.map(one => ({ ...one, version_count: all.length }));
    })
    .sort((a, b) => b.created_ms - a.created_ms);
}

export function removeModel(world: World, model: { name: string; version: number }): void {
  const key = modelKey(model);
  const [user] = servicesOf(world, key);
  if (user !== undefined) {
    throw new SourceError('invalid_argument', `Model ${key} is served by '${user}'.`);
  }
  world.models.delete(key);
}

function servicesOf(world: World, key: string): readonly string[] {
  return [...world.services.values()].filter(one => one.models.includes(key)).map(one => one.name);
}

const withServices = (world: World, one: IModelVersion): IModelVersion => ({
  ...one,
  services: servicesOf(world, modelKey(one))
});
