import React from 'react';
import { trans } from '../../model/language';
import { FIRST_RUN_CODE } from '../data/actions';
import type { ISidebarHost } from '../sidebar/host';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { FirstCell } from '../ui/FirstCell';

interface INoExperimentsProps {
  readonly host: ISidebarHost;
  readonly text: string;
  readonly archived: boolean;
  readonly onClear: () => void;
}

/** Why the list is empty, and what is done then. */
export function NoExperiments(props: INoExperimentsProps): React.JSX.Element {
  const { host, text, archived, onClear } = props;
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
      <FirstCell host={host} code={FIRST_RUN_CODE} />
    </EmptyState>
  );
}
