import React, { type RefObject } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IModelVersion } from '../../model/models';
import type { IRunSource, ISourceError } from '../../model/source';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { ModelHead } from './ModelHead';
import { ServiceTable } from './ServiceTable';
import { useVersions, type IVersions } from './useModels';
import { VersionList } from './VersionList';
import { VersionView } from './VersionView';

interface IModelPageProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
  /** Where it is shown; nothing is asked while that cannot be seen. */
  readonly place: RefObject<Element>;
  readonly name: string;
  /** Null: the newest. */
  readonly version: number | null;
  readonly onModel: (name: string, version: number | null) => void;
  readonly onBack: () => void;
}

/** Why there is nothing to show, with the way on. */
function Missing(props: {
  readonly name: string;
  readonly error: ISourceError;
  readonly onBack: () => void;
  readonly onAgain: () => void;
}): React.JSX.Element {
  const { name, error, onBack, onAgain } = props;
  return error.code === 'model_not_found' ? (
    <EmptyState
      title={trans.__('There is no model “%1”.', name)}
      text={trans.__('It was deleted, or it belongs to another workspace.')}
    >
      <Button onClick={onBack}>{trans.__('All models')}</Button>
    </EmptyState>
  ) : (
    <EmptyState title={trans.__('The model could not be read.')} text={error.message}>
      <Button onClick={onAgain}>{trans.__('Try again')}</Button>
    </EmptyState>
  );
}

interface IBodyProps extends IModelPageProps {
  readonly found: IVersions;
  readonly model: IModelVersion;
  readonly onChanged: () => void;
}

function Body(props: IBodyProps): React.JSX.Element {
  const { found, model, name, version, onModel } = props;
  const services = found.services.filter(one => model.services.includes(one.name));
  return (
    <>
      {version !== null && model.version !== version && (
        <Banner icon="info">
          {trans.__('There is no version %1 any more; this is the newest.', version)}
        </Banner>
      )}
      <div className="jp-ml-model-body">
        <VersionList
          versions={found.versions}
          services={found.services}
          chosen={model.version}
          onChoose={one => onModel(name, one)}
        />
        <div className="jp-ml-model-shown">
          {services.length > 0 && (
            <ServiceTable {...props} services={services} canDelete={found.canDelete} />
          )}
          <VersionView {...props} />
        </div>
      </div>
    </>
  );
}

/** A model: its versions, what each is, and the services that answer with it. */
export function ModelPage(props: IModelPageProps): React.JSX.Element {
  const { source, name, place, version, onBack } = props;
  const { value, error, again } = useVersions(source, name, place);
  const gone = error !== null && (value === null || error.code === 'model_not_found');
  const found = gone ? null : value;
  const model = found?.versions.find(one => one.version === version) ?? found?.versions[0] ?? null;
  return (
    <>
      <ModelHead {...props} model={model} canDelete={found?.canDelete ?? false} onChanged={again} />
      {gone && <Missing name={name} error={error} onBack={onBack} onAgain={again} />}
      {!gone && error && <Banner icon="warning">{error.message}</Banner>}
      {!found && !error && <SkeletonRows />}
      {found && model && <Body {...props} found={found} model={model} onChanged={again} />}
    </>
  );
}
