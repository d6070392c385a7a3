import React from 'react';
import { formatAge, formatFullTime } from '../../model/format';
import { trans } from '../../model/language';
import type { IModelVersion, IService } from '../../model/models';
import { useNow } from '../data/useNow';
import { frameworkOf } from './list';
import { ServiceState } from './ServiceState';

const CLOCK_MS = 10_000;

interface IVersionListProps {
  readonly versions: readonly IModelVersion[];
  readonly services: readonly IService[];
  readonly chosen: number;
  readonly onChoose: (version: number) => void;
}

/** All versions, newest first, each with its age and whether it is served. */
export function VersionList(props: IVersionListProps): React.JSX.Element {
  const { versions, services, chosen, onChoose } = props;
  const now = useNow(CLOCK_MS);
  return (
    <nav className="jp-ml-model-versions" aria-label={trans.__('Versions')}>
      {versions.map(one => (
        <button
          key={one.version}
          type="button"
          aria-current={one.version === chosen ? 'true' : undefined}
          title={formatFullTime(one.created_ms)}
          onClick={() => onChoose(one.version)}
        >
          <span className="jp-ml-model-line">
            <span>{trans.__('Version %1', one.version)}</span>
            <span className="jp-ml-dim jp-ml-num">{formatAge(one.created_ms, now)}</span>
          </span>
          <span className="jp-ml-dim jp-ml-cut">{frameworkOf(one)}</span>
          {services
            .filter(service => one.services.includes(service.name))
            .map(service => (
              <ServiceState key={service.name} service={service} />
            ))}
        </button>
      ))}
    </nav>
  );
}
