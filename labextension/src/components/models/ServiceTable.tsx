import React from 'react';
import { formatCount } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import { modelKey, parseModelKey, type IService } from '../../model/models';
import type { IRunSource } from '../../model/source';
import { toClipboard } from '../data/clipboard';
import { giveCommand } from '../data/actions';
import { Button, IconButton } from '../ui/Button';
import { ServiceState } from './ServiceState';

interface IServiceTableProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
  readonly services: readonly IService[];
  readonly canDelete: boolean;
  readonly onModel: (name: string, version: number | null) => void;
  readonly onChanged: () => void;
}

/** The address that answers, with a button that copies it. */
function Address({ uri }: { readonly uri: string }): React.JSX.Element {
  return (
    <span className="jp-ml-copyable">
      <span className="jp-ml-mono jp-ml-cut" title={uri}>
        {uri}
      </span>
      <IconButton
        icon="copy"
        label={trans.__('Copy the address')}
        onClick={() => void toClipboard(uri)}
      />
    </span>
  );
}

function Row(props: IServiceTableProps & { readonly service: IService }): React.JSX.Element {
  const { source, host, service, canDelete, onModel, onChanged } = props;
  const remove = async (): Promise<void> => {
    const question = trans.__(
      'Delete the service %1? It stops answering at once. The log of its run stays.',
      service.name
    );
    if (await host.confirm(question, trans.__('Delete'))) {
      await giveCommand(source, host, 'deleteService', { name: service.name });
      onChanged();
    }
  };
  return (
    <tr>
      <th scope="row" className="jp-ml-cut" title={service.description ?? service.name}>
        {service.name}
      </th>
      <td>
        <ServiceState service={service} />
      </td>
      <td className="jp-ml-room-mid">
        {service.models.map(parseModelKey).map(({ name, version }) => (
          <Button key={`${name}:${version}`} kind="link" onClick={() => onModel(name, version)}>
            {version === null ? name : modelKey({ name, version })}
          </Button>
        ))}
      </td>
      <td className="jp-ml-room-wide">
        {service.error !== null && (
          <span className="jp-ml-service-error jp-ml-cut" title={service.error}>
            {service.error}
          </span>
        )}
        {service.error === null && service.scoring_uri && <Address uri={service.scoring_uri} />}
      </td>
      <td className="jp-ml-right jp-ml-room-wide">{formatCount(service.restarts)}</td>
      <td className="jp-ml-right">
        <span className="jp-ml-models-acts">
          <Button kind="link" onClick={() => host.openRun(service.run_id, 'log')}>
            {trans.__('Log')}
          </Button>
          {canDelete && (
            <IconButton
              icon="close"
              label={trans.__('Delete the service %1', service.name)}
              onClick={() => void remove()}
            />
          )}
        </span>
      </td>
    </tr>
  );
}

/** Services: whether each answers, with which models, where, and its log. */
export function ServiceTable(props: IServiceTableProps): React.JSX.Element {
  return (
    <table className="jp-ml-table jp-ml-xp-table" aria-label={trans.__('Services')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Service')}</th>
          <th scope="col">{trans.__('State')}</th>
          <th scope="col" className="jp-ml-room-mid">
            {trans.__('Model')}
          </th>
          <th scope="col" className="jp-ml-room-wide">
            {trans.__('Address')}
          </th>
          <th scope="col" className="jp-ml-right jp-ml-room-wide">
            {trans.__('Restarts')}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {props.services.map(service => (
          <Row key={service.name} {...props} service={service} />
        ))}
      </tbody>
    </table>
  );
}
