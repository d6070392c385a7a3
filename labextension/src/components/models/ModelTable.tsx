import React from 'react';
import { formatAge, formatFullTime, formatSize } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IModelEntry, IService } from '../../model/models';
import { TagList } from '../experiments/TagList';
import { Button } from '../ui/Button';
import { SortHead } from '../ui/SortHead';
import { frameworkOf } from './list';
import { ServiceState } from './ServiceState';

interface IModelTableProps {
  readonly host: IViewHost;
  readonly models: readonly IModelEntry[];
  readonly services: readonly IService[];
  readonly now: number;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onModel: (name: string, version: number | null) => void;
}

/** The services of any version of a model. */
const usersOf = (services: readonly IService[], name: string): readonly IService[] =>
  services.filter(one => one.models.some(key => key.slice(0, key.lastIndexOf(':')) === name));

function Row(props: IModelTableProps & { readonly model: IModelEntry }): React.JSX.Element {
  const { host, model, services, now, onModel } = props;
  const run = model.run_id;
  return (
    <tr>
      <th scope="row">
        <Button
          kind="link"
          className="jp-ml-cut"
          title={model.description ?? model.name}
          onClick={() => onModel(model.name, null)}
        >
          {model.name}
        </Button>
      </th>
      <td className="jp-ml-right">{model.version}</td>
      <td className="jp-ml-cut jp-ml-room-mid">{frameworkOf(model)}</td>
      <td className="jp-ml-right jp-ml-room-wide">{formatSize(model.size)}</td>
      <td className="jp-ml-cut jp-ml-room-mid">
        {run !== null && (
          <Button
            kind="link"
            className="jp-ml-cut"
            title={trans.__('Open the run that made it')}
            onClick={() => host.openRun(run)}
          >
            {model.experiment ?? trans.__('Run')}
          </Button>
        )}
      </td>
      <td>
        <span className="jp-ml-models-acts">
          {usersOf(services, model.name).map(service => (
            <ServiceState key={service.name} service={service} />
          ))}
        </span>
      </td>
      <td className="jp-ml-room-wide">
        <TagList tags={model.tags} />
      </td>
      <td className="jp-ml-cut jp-ml-room-wide">{model.user}</td>
      <td className="jp-ml-right" title={formatFullTime(model.created_ms)}>
        {formatAge(model.created_ms, now)}
      </td>
    </tr>
  );
}

/** The newest version of each model. */
export function ModelTable(props: IModelTableProps): React.JSX.Element {
  const { sort, onSort } = props;
  const shared = { sort, onSort };
  return (
    <table className="jp-ml-table jp-ml-xp-table jp-ml-models-list" aria-label={trans.__('Models')}>
      <thead>
        <tr>
          <SortHead title={trans.__('Model')} by="name" {...shared} />
          <SortHead title={trans.__('Version')} right {...shared} />
          <SortHead title={trans.__('Framework')} by="framework" room="mid" {...shared} />
          <SortHead title={trans.__('Size')} by="size" right room="wide" {...shared} />
          <SortHead title={trans.__('Made in')} room="mid" {...shared} />
          <SortHead title={trans.__('Services')} {...shared} />
          <SortHead title={trans.__('Tags')} room="wide" {...shared} />
          <SortHead title={trans.__('By')} room="wide" {...shared} />
          <SortHead title={trans.__('Registered')} by="created" right {...shared} />
        </tr>
      </thead>
      <tbody>
        {props.models.map(model => (
          <Row key={model.name} {...props} model={model} />
        ))}
      </tbody>
    </table>
  );
}
