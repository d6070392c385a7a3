import React from 'react';
import { formatAge, formatCount, formatFullTime, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IExperimentInfo } from '../../model/types';
import { giveCommand } from '../data/actions';
import type { ISidebarHost } from '../sidebar/host';
import { Button } from '../ui/Button';
import type { ExperimentChange } from './change';
import { InlineText } from './InlineText';
import { ActiveCounts, StateBar } from './StateBar';
import { TagList } from './TagList';

interface IExperimentRowProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly one: IExperimentInfo;
  readonly now: number;
  readonly canWrite: boolean;
  readonly onOpen: (experiment: IExperimentInfo) => void;
  readonly onChanged: () => void;
}

/** Where its active runs are: "gpu-box 2, local". */
const whereText = (targets: IExperimentInfo['targets']): string =>
  Object.entries(targets)
    .map(([target, count]) => (count > 1 ? `${target} ${formatCount(count)}` : target))
    .join(', ');

interface IChanges {
  readonly change: (what: ExperimentChange) => Promise<boolean>;
  /** With a way back. */
  readonly archive: (archived: boolean) => Promise<void>;
}

function changesOf({ source, host, one, onChanged }: IExperimentRowProps): IChanges {
  const change = async (what: ExperimentChange): Promise<boolean> => {
    const args = { experiment: one.id, ...what };
    const done = await giveCommand(source, host, 'updateExperiment', args);
    onChanged();
    return done !== null;
  };
  const archive = async (archived: boolean): Promise<void> => {
    if (await change({ archived })) {
      host.offerUndo(
        archived ? trans.__('Archived %1.', one.name) : trans.__('Brought back %1.', one.name),
        () => void change({ archived: !archived })
      );
    }
  };
  return { change, archive };
}

/** What is at work in it, where, and how well it did. */
function Facts({ host, one, now }: IExperimentRowProps): React.JSX.Element {
  const { primary_metric: best, last_run_ms: last } = one;
  const where = whereText(one.targets);
  return (
    <>
      <td>
        <ActiveCounts counts={one.states} />
      </td>
      <td className="jp-ml-cut jp-ml-room-mid" title={where}>
        {where}
      </td>
      <td className="jp-ml-right jp-ml-room-mid">{formatCount(one.run_count)}</td>
      <td className="jp-ml-room-wide">
        <StateBar counts={one.states} />
      </td>
      <td className="jp-ml-right jp-ml-room-mid">
        {best && (
          <Button
            kind="link"
            title={trans.__('Open the run that reached it')}
            onClick={() => host.openRun(best.run_id)}
          >
            <span className="jp-ml-dim">{best.name}</span> {formatMetric(best.best)}
          </Button>
        )}
      </td>
      <td className="jp-ml-right">
        {last !== null && <span title={formatFullTime(last)}>{formatAge(last, now)}</span>}
      </td>
    </>
  );
}

/** What it is about. */
function About({ one, canWrite, change }: IExperimentRowProps & Pick<IChanges, 'change'>) {
  return (
    <>
      <td className="jp-ml-room-wide">
        <TagList tags={one.tags} onChange={canWrite ? tags => void change({ tags }) : undefined} />
      </td>
      <td className="jp-ml-xp-text jp-ml-room-wide">
        <InlineText
          text={one.description ?? ''}
          label={trans.__('Description of %1', one.name)}
          empty={trans.__('Add a description')}
          onChange={canWrite ? text => void change({ description: text || null }) : undefined}
        />
      </td>
    </>
  );
}

/** An experiment in the list. */
export function ExperimentRow(props: IExperimentRowProps): React.JSX.Element {
  const { one, canWrite, onOpen } = props;
  const { change, archive } = changesOf(props);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Delete' && canWrite && event.target instanceof HTMLButtonElement) {
      void archive(!one.archived);
    }
  };
  return (
    <tr onKeyDown={onKeyDown}>
      <th scope="row">
        <Button kind="link" className="jp-ml-cut" onClick={() => onOpen(one)} title={one.name}>
          {one.name}
        </Button>
      </th>
      <Facts {...props} />
      <About {...props} change={change} />
      <td className="jp-ml-right jp-ml-room-mid">
        {canWrite && (
          <Button kind="quiet" onClick={() => void archive(!one.archived)}>
            {one.archived ? trans.__('Bring back') : trans.__('Archive')}
          </Button>
        )}
      </td>
    </tr>
  );
}
