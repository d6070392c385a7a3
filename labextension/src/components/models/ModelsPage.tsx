import React, { useRef } from 'react';
import type { IViewHost } from '../../model/host';
import type { IRunSource } from '../../model/source';
import { ConnectionBanner } from '../data/ConnectionBanner';
import { ModelList } from './ModelList';
import { ModelPage } from './ModelPage';

export interface IModelsPageProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
  /** Name of the model that is looked at; null: the list of all. */
  readonly model: string | null;
  /** Which version of it; null: the newest. */
  readonly version: number | null;
  readonly onModel: (name: string | null, version: number | null) => void;
}

/** The page of all models, or of one of them. */
export default function ModelsPage(props: IModelsPageProps): React.JSX.Element {
  const { source, host, model, version, onModel } = props;
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} className="jp-ml-root jp-ml-page jp-ml-models">
      <ConnectionBanner source={source} />
      {model === null ? (
        <ModelList {...{ source, host, place, onModel }} />
      ) : (
        <ModelPage
          key={model}
          {...{ source, host, place, version, onModel }}
          name={model}
          onBack={() => onModel(null, null)}
        />
      )}
    </div>
  );
}
