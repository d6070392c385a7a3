import React, { useMemo, useRef, useState } from 'react';
import { formatAge, formatCount, formatFullTime, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IExperimentInfo } from '../../model/types';
import { FIRST_RUN_CODE, giveCommand } from '../data/actions';
import { useNow } from '../data/useNow';
import type { ISidebarHost } from '../sidebar/host';
import { Button, IconButton } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { Icon } from '../ui/Icon';
import { SkeletonRows } from '../ui/Skeleton';
import { InlineText } from './InlineText';
import { searchExperiments, sortExperiments, type ExperimentSort } from './search';
import { ActiveCounts, StateBar } from './StateBar';
import type { ExperimentChange } from './change';
import { TagList } from './TagList';
import { useExperiments } from './useExperiments';

const CLOCK_MS = 10_000;

interface IExperimentListProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly onOpen: (experiment: IExperimentInfo) => void;
}

const heads = (): readonly (readonly [string, ExperimentSort | null, boolean?])[] => [
  [trans.__('Experiment'), 'name'],
  [trans.__('Active'), 'work'],
  [trans.__('Where'), null],
  [trans.__('Runs'), 'runs', true],
  [trans.__('States'), null],
  [trans.__('Best'), 'best', true],
  [trans.__('Last run'), 'last', true],
  [trans.__('Tags'), null],
  [trans.__('Description'), null]
];

interface IRowProps extends IExperimentListProps {
  readonly one: IExperimentInfo;
  readonly now: number;
  readonly canWrite: boolean;
  readonly onChanged: () => void;
}

/** Where its active runs are: "gpu-box 2, local". */
const whereText = (targets: IExperimentInfo['targets']): string =>
  Object.entries(targets)
    .map(([target, count]) => (count > 1 ? `${target} ${formatCount(count)}` : target))
    .join(', ');

function Row({ source, host, one, now, canWrite, onOpen, onChanged }: IRowProps) {
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
  const best = one.primary_metric;
  const where = whereText(one.targets);
  return (
    <tr
      onKeyDown={event => {
        if (event.key === 'Delete' && canWrite && event.target instanceof HTMLButtonElement) {
          void archive(!one.archived);
        }
      }}
    >
      <th scope="row">
        <Button kind="link" className="jp-ml-cut" onClick={() => onOpen(one)} title={one.name}>
          {one.name}
        </Button>
      </th>
      <td>
        <ActiveCounts counts={one.states} />
      </td>
      <td className="jp-ml-cut" title={where}>
        {where}
      </td>
      <td className="jp-ml-right">{formatCount(one.run_count)}</td>
      <td>
        <StateBar counts={one.states} />
      </td>
      <td className="jp-ml-right">
        {best && (
          <button
            type="button"
            className="jp-ml-btn jp-ml-btn-link"
            title={trans.__('Open the run that reached it')}
            onClick={() => host.openRun(best.run_id)}
          >
            <span className="jp-ml-dim">{best.name}</span> {formatMetric(best.best)}
          </button>
        )}
      </td>
      <td className="jp-ml-right">
        {one.last_run_ms !== null && (
          <span title={formatFullTime(one.last_run_ms)}>{formatAge(one.last_run_ms, now)}</span>
        )}
      </td>
      <td>
        <TagList tags={one.tags} onChange={canWrite ? tags => void change({ tags }) : undefined} />
      </td>
      <td className="jp-ml-xp-text">
        <InlineText
          text={one.description ?? ''}
          label={trans.__('Description of %1', one.name)}
          empty={trans.__('Add a description')}
          onChange={canWrite ? text => void change({ description: text || null }) : undefined}
        />
      </td>
      <td className="jp-ml-right">
        {canWrite && (
          <Button kind="quiet" onClick={() => void archive(!one.archived)}>
            {one.archived ? trans.__('Bring back') : trans.__('Archive')}
          </Button>
        )}
      </td>
    </tr>
  );
}

function Nothing({
  host,
  text,
  archived,
  onClear
}: {
  readonly host: ISidebarHost;
  readonly text: string;
  readonly archived: boolean;
  readonly onClear: () => void;
}): React.JSX.Element {
  if (text !== '') {
    return (
      <EmptyState title={trans.__('No experiment matches “%1”.', text)}>
        <Button kind="link" onClick={onClear}>
          {trans.__('Clear search')}
        </Button>
      </EmptyState>
    );
  }
  if (archived) {
    return <EmptyState title={trans.__('No experiment is archived.')} />;
  }
  return (
    <EmptyState
      title={trans.__('No experiments yet.')}
      text={trans.__('An experiment is made by its first run. This submits one:')}
    >
      <pre className="jp-ml-code">{FIRST_RUN_CODE}</pre>
      {host.insertCell && (
        <Button onClick={() => host.insertCell?.(FIRST_RUN_CODE)}>
          {trans.__('Insert in a new cell')}
        </Button>
      )}
    </EmptyState>
  );
}

/** All experiments: what is at work in them, how well they do, and what they are about. */
export function ExperimentList(props: IExperimentListProps): React.JSX.Element {
  const { source, host } = props;
  const [text, setText] = useState('');
  const [archived, setArchived] = useState(false);
  const [sort, setSort] = useState<{ by: ExperimentSort; back: boolean }>({
    by: 'work',
    back: false
  });
  const { all, canWrite, error, refresh } = useExperiments(source, archived);
  const now = useNow(CLOCK_MS);
  const input = useRef<HTMLInputElement>(null);
  const shown = useMemo(
    () => sortExperiments(searchExperiments(all ?? [], text), sort.by, sort.back),
    [all, text, sort]
  );
  const writable = canWrite && source.command !== undefined;
  return (
    <>
      <div className="jp-ml-head jp-mod-short">
        <div className="jp-ml-head-title">
          <h1 data-text={trans.__('Experiments')}>{trans.__('Experiments')}</h1>
          <span className="jp-ml-dim jp-ml-num">{all && formatCount(all.length)}</span>
        </div>
        <div className="jp-ml-xp-bar" role="search">
          <div className="jp-ml-field jp-ml-xp-search">
            <Icon name="search" />
            <input
              ref={input}
              type="search"
              aria-label={trans.__('Search experiments')}
              placeholder={trans.__('Search name, tag, description or person')}
              value={text}
              onChange={event => setText(event.target.value)}
            />
            {text && (
              <IconButton
                icon="close"
                label={trans.__('Clear search')}
                onClick={() => setText('')}
              />
            )}
          </div>
          <Button
            kind="quiet"
            aria-pressed={archived}
            className="jp-ml-toggle"
            onClick={() => setArchived(!archived)}
          >
            {trans.__('Archived')}
          </Button>
        </div>
      </div>
      <div className="jp-ml-xp-body">
        {error && !all && error.code !== 'no_workspace' && (
          <EmptyState title={trans.__('Experiments could not be read.')} text={error.message}>
            <Button onClick={refresh}>{trans.__('Try again')}</Button>
          </EmptyState>
        )}
        {!all && !error && <SkeletonRows />}
        {(error?.code === 'no_workspace' || (all && shown.length === 0)) && (
          <Nothing {...{ host, text, archived }} onClear={() => setText('')} />
        )}
        {shown.length > 0 && (
          <table className="jp-ml-table jp-ml-xp-table">
            <thead>
              <tr>
                {heads().map(([title, by, right]) => (
                  <th
                    key={title}
                    scope="col"
                    className={right ? 'jp-ml-right' : undefined}
                    aria-sort={
                      by !== null && by === sort.by
                        ? sort.back
                          ? 'descending'
                          : 'ascending'
                        : undefined
                    }
                  >
                    {by === null ? (
                      title
                    ) : (
                      <button
                        type="button"
                        className="jp-ml-th"
                        onClick={() => setSort({ by, back: sort.by === by && !sort.back })}
                      >
                        {title}
                        <span aria-hidden="true">
                          {sort.by === by ? (sort.back ? ' ▲' : ' ▼') : ''}
                        </span>
                      </button>
                    )}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {shown.map(one => (
                <Row
                  key={one.id}
                  {...props}
                  {...{ one, now }}
                  canWrite={writable}
                  onChanged={refresh}
                />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}
