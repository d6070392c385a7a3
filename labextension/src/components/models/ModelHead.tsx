import React from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IModelVersion } from '../../model/models';
import type { IRunSource } from '../../model/source';
import { giveCommand } from '../data/actions';
import { Button } from '../ui/Button';

interface IModelHeadProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
  readonly name: string;
  /** The version that is shown; null while it is not known. */
  readonly model: IModelVersion | null;
  readonly canDelete: boolean;
  readonly onBack: () => void;
  readonly onChanged: () => void;
}

type IDeleteProps = Omit<IModelHeadProps, 'model'> & { readonly model: IModelVersion };

/** Deletes the version after a question; a version that is served cannot be deleted. */
function Delete({ source, host, name, model, onChanged }: IDeleteProps): React.JSX.Element {
  const [service] = model.services;
  const remove = async (): Promise<void> => {
    const question = trans.__(
      'Delete version %1 of %2? Its files go too. The run that made it stays.',
      model.version,
      name
    );
    if (await host.confirm(question, trans.__('Delete'))) {
      await giveCommand(source, host, 'deleteModel', { name, version: model.version });
      onChanged();
    }
  };
  return (
    <Button
      disabled={service !== undefined}
      title={
        service && trans.__('The service %1 answers with it. Delete the service first.', service)
      }
      onClick={() => void remove()}
    >
      {trans.__('Delete version')}
    </Button>
  );
}

/** Where one is: the list, the model, its version; and what can be done with the version. */
export function ModelHead(props: IModelHeadProps): React.JSX.Element {
  const { name, model, canDelete, onBack } = props;
  return (
    <div className="jp-ml-head jp-mod-short">
      <div className="jp-ml-head-title">
        <Button kind="link" onClick={onBack}>
          {trans.__('Models')}
        </Button>
        <span className="jp-ml-dim" aria-hidden="true">
          /
        </span>
        <h1 data-text={name} className="jp-ml-cut" title={name}>
          {name}
        </h1>
        {model && (
          <span className="jp-ml-dim jp-ml-num jp-ml-model-number">
            {trans.__('Version %1', model.version)}
          </span>
        )}
        {canDelete && model && (
          <span className="jp-ml-model-acts">
            <Delete {...props} model={model} />
          </span>
        )}
      </div>
    </div>
  );
}
