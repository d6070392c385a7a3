import React from 'react';
import { trans } from '../../model/language';
import { toClipboard } from '../data/clipboard';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';

const EXAMPLE = 'run.log("loss", value)';

interface INoMetricsProps {
  readonly filter: string;
  /** Metrics that are no curves: rows, tables, images and so on. */
  readonly others: number;
  /** Nothing more will be logged. */
  readonly ended: boolean;
}

/** What stands in the place of charts that are not there. */
export function NoMetrics({ filter, others, ended }: INoMetricsProps): React.JSX.Element | null {
  if (filter) {
    return (
      <EmptyState
        title={trans.__('No metric matches.')}
        text={trans.__('No name contains “%1”.', filter)}
      />
    );
  }
  if (others > 0) {
    return null;
  }
  if (ended) {
    return <EmptyState title={trans.__('No metrics were logged.')} />;
  }
  return (
    <EmptyState
      title={trans.__('No metrics yet.')}
      text={
        <>
          <code className="jp-ml-mono">{EXAMPLE}</code>{' '}
          {trans.__('in the script draws a chart here.')}{' '}
          <Button kind="link" onClick={() => void toClipboard(EXAMPLE)}>
            {trans.__('Copy')}
          </Button>
        </>
      }
    />
  );
}
