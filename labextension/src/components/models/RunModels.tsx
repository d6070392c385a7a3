import React from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import { modelKey } from '../../model/models';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { useAskedAgain } from '../data/useAskedAgain';
import { Button } from '../ui/Button';

interface IRunModelsProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
}

/** The models that a run has registered, each with a way to its page; nothing where there is none. */
export function RunModels({ source, run, host }: IRunModelsProps): React.JSX.Element | null {
  const { value } = useAskedAgain(
    () => source.query('models', { run: run.id }),
    host.openModel ? run.id : null,
    () => !isEnded(run.status)
  );
  if (!value || value.models.length === 0) {
    return null;
  }
  return (
    <section className="jp-ml-run-models" aria-label={trans.__('Models')}>
      <h3>{trans.__('Models registered')}</h3>
      {value.models.map(model => (
        <Button
          key={modelKey(model)}
          kind="link"
          onClick={() => host.openModel?.(model.name, model.version)}
        >
          {trans.__('%1, version %2', model.name, model.version)}
        </Button>
      ))}
    </section>
  );
}
