import React from 'react';
import { trans } from '../../model/language';
import type { ISourceError } from '../../model/source';
import { FIRST_RUN_CODE } from '../data/actions';
import { copyText } from '../data/copyText';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { FirstCell } from '../ui/FirstCell';
import { filterLabel, type IFilter } from './filters';
import type { ISidebarHost } from './host';

/** Nothing was ever submitted here: how to begin. */
export function NoRuns({
  host
}: {
  readonly host: Pick<ISidebarHost, 'insertCell' | 'notify'>;
}): React.JSX.Element {
  return (
    <EmptyState
      title={trans.__('No runs yet')}
      text={trans.__('Submit a script from a notebook. It keeps running when you close this tab.')}
    >
      <FirstCell host={host} code={FIRST_RUN_CODE} />
    </EmptyState>
  );
}

interface INoMatchProps {
  readonly text: string;
  /** The filter set last, if any. */
  readonly filter: IFilter | undefined;
  /** Runs that match without it; null while that is not known. */
  readonly without: number | null;
  /** Only archived runs were looked through. */
  readonly archived: boolean;
  readonly onRemove: () => void;
}

/** Nothing matches: what is in the way, and a button that takes it away. */
export function NoMatch(props: INoMatchProps): React.JSX.Element {
  const { text, filter, without, archived, onRemove } = props;
  if (archived && !text && !filter) {
    return (
      <EmptyState
        title={trans.__('No archived runs')}
        text={trans.__('Archive a run to take it out of the list.')}
      />
    );
  }
  const sentence = !filter
    ? trans.__('Nothing has “%1” in its name, tags or experiment.', text)
    : without === null
      ? undefined
      : trans._n(
          '%1 run matches without the filter “%2”.',
          '%1 runs match without the filter “%2”.',
          without,
          filterLabel(filter)
        );
  return (
    <EmptyState title={trans.__('No run matches')} text={sentence}>
      <Button onClick={onRemove}>
        {filter ? trans.__('Remove filter') : trans.__('Clear search')}
      </Button>
    </EmptyState>
  );
}

/** The list could not be had although the server answers. */
export function ListFailed(props: {
  error: ISourceError;
  host: ISidebarHost;
  onRetry: () => void;
}): React.JSX.Element {
  const { error, host } = props;
  return (
    <EmptyState title={trans.__('The runs could not be read')} text={error.message}>
      <div className="jp-ml-row">
        <Button onClick={props.onRetry}>{trans.__('Try again')}</Button>
        <Button
          onClick={() =>
            void copyText(host, `${error.code}: ${error.message}`, trans.__('the details'))
          }
        >
          {trans.__('Copy details')}
        </Button>
      </div>
    </EmptyState>
  );
}
