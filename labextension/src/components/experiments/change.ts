import type { IExperimentInfo } from '../../model/types';

/** What a person may change of an experiment. */
export type ExperimentChange = Partial<Pick<IExperimentInfo, 'archived' | 'tags' | 'description'>>;
