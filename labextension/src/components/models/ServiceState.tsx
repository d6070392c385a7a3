import React from 'react';
import { trans } from '../../model/language';
import type { IService, ServiceState as State } from '../../model/models';
import type { RunStatus } from '../../model/types';
import { StateIcon } from '../ui/StateIcon';

interface ILook {
  /** The state of a run that has the same shape and colour. */
  readonly like: RunStatus;
  readonly word: string;
}

/** A state that this version does not know is shown under its own name. */
export function serviceLook(state: State): ILook {
  const looks: Readonly<Record<string, ILook>> = {
    Healthy: { like: 'Running', word: trans.__('Healthy') },
    Transitioning: { like: 'Starting', word: trans.__('Starting') },
    Unhealthy: { like: 'NotResponding', word: trans.__('Restarting') },
    Failed: { like: 'Failed', word: trans.__('Failed') },
    Stopped: { like: 'Canceled', word: trans.__('Stopped') }
  };
  return looks[state] ?? { like: 'Queued', word: state };
}

/** How a service is, as shape, colour and word. */
export function ServiceState({ service }: { readonly service: IService }): React.JSX.Element {
  const { like, word } = serviceLook(service.state);
  return (
    <span className="jp-ml-service-state" title={service.error ?? undefined}>
      <span aria-hidden="true">
        <StateIcon status={like} progress={like === 'Running' ? 1 : null} />
      </span>
      {word}
    </span>
  );
}
