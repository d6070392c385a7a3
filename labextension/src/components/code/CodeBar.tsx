import React from 'react';
import { SOURCE_PROPERTY, type ICode } from '../../model/code';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { stateLook } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import type { ITabProps } from '../run/page';
import { FOLDER, useOthers } from './useCode';

interface ICodeBarProps extends ITabProps {
  readonly code: ICode;
  /** The run compared with, or `FOLDER`. */
  readonly other: string | null;
  /** Files that differ; null while that is not known. */
  readonly changed: number | null;
  readonly error: string | null;
}

/** The last run before this one that was completed. */
export function lastGood(
  run: Pick<IRunSummary, 'created_ms'>,
  others: readonly IRunSummary[]
): IRunSummary | undefined {
  return others.find(one => one.status === 'Completed' && one.created_ms < run.created_ms);
}

function Choice({ run, source, other, onAt }: ICodeBarProps): React.JSX.Element {
  const others = useOthers(source, run);
  const good = lastGood(run, others);
  const known = other === null || other === FOLDER || others.some(one => one.id === other);
  const mayLook = run.can_write && run.properties[SOURCE_PROPERTY] !== undefined;
  return (
    <label className="jp-ml-dim jp-ml-row">
      {trans.__('Compare with')}
      <select
        className="jp-ml-select"
        value={other ?? ''}
        onChange={event =>
          onAt({ with: event.target.value || undefined, file: undefined, line: undefined })
        }
      >
        <option value="">{trans.__('nothing')}</option>
        {mayLook && source.command && (
          <option value={FOLDER}>{trans.__('its folder as it is now')}</option>
        )}
        {!known && <option value={other}>{other}</option>}
        {others.map(one => (
          <option key={one.id} value={one.id}>
            {one === good
              ? trans.__('run %1, the last good one', one.number)
              : `${one.display_name} ${one.number}, ${stateLook(one.status).word}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function summary({ code, other, changed, error }: ICodeBarProps): string {
  const all = formatCount(code.files.length);
  if (other === null) {
    return trans._n('%1 file', '%1 files', code.files.length);
  }
  if (error !== null) {
    return error;
  }
  return changed === null
    ? trans.__('Comparing')
    : changed === 0
      ? trans.__('The code is the same: %1 files.', all)
      : trans.__('%1 of %2 files differ.', formatCount(changed), all);
}

/** How much code there is, and what it is compared with. */
export function CodeBar(props: ICodeBarProps): React.JSX.Element {
  return (
    <div className="jp-ml-bar jp-ml-code-bar">
      <span className="jp-ml-num" role="status">
        {summary(props)}
      </span>
      <span className="jp-ml-grow" />
      <Choice {...props} />
    </div>
  );
}
