import React, { useMemo } from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { ConnectionBanner } from '../data/ConnectionBanner';
import type { ISidebarHost } from '../sidebar/host';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { ExperimentList } from './ExperimentList';
import { ExperimentPage } from './ExperimentPage';
import { useExperiments } from './useExperiments';

export interface IExperimentsPageProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  /** Name of the experiment that is looked at; null: the list of all. */
  readonly experiment: string | null;
  /** Id of the saved view of it that is opened; null: what the browser has kept. */
  readonly view: string | null;
  /** Id of the workspace, for links; null: the default one. */
  readonly workspace: string | null;
  readonly onExperiment: (name: string | null, view?: string) => void;
}

/** The experiment of a name, archived or not. */
function One(props: IExperimentsPageProps & { readonly name: string }): React.JSX.Element {
  const { source, host, name, view, workspace, onExperiment } = props;
  const alive = useExperiments(source, false);
  const archived = useExperiments(source, true);
  const found = useMemo(
    () => [...(alive.all ?? []), ...(archived.all ?? [])].find(one => one.name === name),
    [alive.all, archived.all, name]
  );
  const error = alive.error ?? archived.error;
  const back = (): void => onExperiment(null);
  if (found) {
    return (
      <ExperimentPage
        key={`${found.id} ${view ?? ''}`}
        {...{ source, host, workspace }}
        opened={view}
        experiment={found}
        canWrite={alive.canWrite || archived.canWrite}
        onBack={back}
        onElsewhere={onExperiment}
        onChanged={() => {
          alive.refresh();
          archived.refresh();
        }}
      />
    );
  }
  if (error || (alive.all && archived.all)) {
    return (
      <EmptyState
        title={trans.__('There is no experiment “%1”.', name)}
        text={error?.message ?? trans.__('It was deleted, or it belongs to another workspace.')}
      >
        <Button onClick={back}>{trans.__('All experiments')}</Button>
      </EmptyState>
    );
  }
  return <SkeletonRows />;
}

/** The page of all experiments, or of one of them. */
export default function ExperimentsPage(props: IExperimentsPageProps): React.JSX.Element {
  const { source, host, experiment, onExperiment } = props;
  return (
    <div className="jp-ml-root jp-ml-page jp-ml-xp">
      <ConnectionBanner source={source} />
      {experiment === null ? (
        <ExperimentList {...{ source, host }} onOpen={one => onExperiment(one.name)} />
      ) : (
        <One {...props} name={experiment} />
      )}
    </div>
  );
}
