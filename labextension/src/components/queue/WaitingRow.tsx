import React from 'react';
import { formatDuration, formatOrdinal } from '../../model/format';
import { trans } from '../../model/language';
import type { IQueueEntry } from '../../model/machine';
import type { IRemedy } from '../machine/devices';
import { Button, IconButton } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { MiddleText } from '../ui/MiddleText';
import { nameOf } from './useLine';

export interface IWaitingRowProps {
  readonly entry: IQueueEntry;
  readonly now: number;
  readonly remedy: IRemedy | null;
  readonly active: boolean;
  /** Null: it may not be changed from here. */
  readonly onHold: (() => void) | null;
  readonly onMenu: ((at: { x: number; y: number }) => void) | null;
  readonly onOpen: () => void;
  readonly onFree: (remedy: IRemedy) => void;
}

/** Place and name; below them why it waits; then what it asks for and since when it waits. */
export function WaitingRow(props: IWaitingRowProps): React.JSX.Element {
  const { entry, now, remedy, active, onHold, onMenu } = props;
  const waits = entry.created_ms === undefined ? null : now - entry.created_ms;
  const tab = active ? 0 : -1;
  return (
    <>
      <div role="gridcell" className="jp-ml-wait-place">
        <Icon name="grip" />
        <span>{formatOrdinal(entry.position)}</span>
      </div>
      <div role="gridcell" className="jp-ml-wait-who">
        <span className="jp-ml-wait-name">
          <Button kind="link" tabIndex={tab} onClick={props.onOpen}>
            <MiddleText text={nameOf(entry)} />
          </Button>
          {entry.held && <span className="jp-ml-chip">{trans.__('Held')}</span>}
        </span>
        <span className="jp-ml-small jp-ml-dim">
          {entry.reason || trans.__('Nobody has looked yet why it waits.')}
          {remedy && !entry.held && (
            <>
              {' '}
              <Button kind="link" tabIndex={tab} onClick={() => props.onFree(remedy)}>
                {remedy.label}
              </Button>
            </>
          )}
        </span>
      </div>
      <div role="gridcell" className="jp-ml-wait-needs">
        <span>{entry.needs_text ?? '–'}</span>
        <span className="jp-ml-small jp-ml-dim">
          {trans.__('Priority %1', entry.priority ?? 0)}
        </span>
      </div>
      <div role="gridcell" className="jp-ml-wait-since jp-ml-right">
        <span>{waits === null ? '–' : formatDuration(Math.max(0, waits))}</span>
        <span className="jp-ml-small jp-ml-dim">{trans.__('in line')}</span>
      </div>
      <div role="gridcell" className="jp-ml-wait-acts">
        {onHold && (
          <Button tabIndex={tab} onClick={onHold}>
            {entry.held ? trans.__('Release') : trans.__('Hold')}
          </Button>
        )}
        {onMenu && (
          <IconButton
            icon="more"
            label={trans.__('More')}
            tabIndex={tab}
            aria-haspopup="menu"
            onClick={event => {
              const box = event.currentTarget.getBoundingClientRect();
              onMenu({ x: box.left, y: box.bottom });
            }}
          />
        )}
      </div>
    </>
  );
}
