import type { RefObject } from 'react';
import type { IModelEntry, IModelVersion, IService } from '../../model/models';
import type { IRunSource } from '../../model/source';
import { useAskedAgain, type IAskedAgain } from '../data/useAskedAgain';

const always = (): boolean => true;

interface IList {
  readonly models: readonly IModelEntry[];
  readonly services: readonly IService[];
  /** Whether this person may delete them. */
  readonly canDelete: boolean;
}

/** The newest version of each model, and all services; followed while the page is seen. */
export const useModels = (source: IRunSource, place: RefObject<Element>): IAskedAgain<IList> =>
  useAskedAgain(
    async () => {
      const [found, served] = await Promise.all([
        source.query('models', {}),
        source.query('services', {})
      ]);
      return {
        models: found.models,
        services: served.services,
        canDelete: found.can_delete && source.command !== undefined
      };
    },
    'models',
    always,
    place
  );

export interface IVersions {
  /** Newest first; at least one. */
  readonly versions: readonly IModelVersion[];
  /** Those that answer with one of them. */
  readonly services: readonly IService[];
  readonly canDelete: boolean;
}

/** All versions of a model with the services that use it; followed while the page is seen. */
export const useVersions = (
  source: IRunSource,
  name: string,
  place: RefObject<Element>
): IAskedAgain<IVersions> =>
  useAskedAgain(
    async () => {
      const [found, served] = await Promise.all([
        source.query('model', { name }),
        source.query('services', {})
      ]);
      const users = new Set(found.versions.flatMap(one => one.services));
      return {
        versions: found.versions,
        services: served.services.filter(one => users.has(one.name)),
        canDelete: found.can_delete && source.command !== undefined
      };
    },
    name,
    always,
    place
  );
