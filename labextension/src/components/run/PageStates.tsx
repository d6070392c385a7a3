import React from 'react';
import { trans } from '../../model/language';
import type { ISourceError } from '../../model/source';
import { Banner } from '../ui/Banner';
import { EmptyState } from '../ui/EmptyState';
import { Skeleton, useLate } from '../ui/Skeleton';

/** The page while its run is awaited, with the final heights of its parts. */
export function PageSkeleton(): React.JSX.Element {
  const late = useLate();
  return (
    <div
      className="jp-ml-page-skel"
      role="group"
      aria-busy="true"
      aria-label={trans.__('Loading the run')}
    >
      {late && (
        <>
          <div className="jp-ml-head-title">
            <span className="jp-ml-skel jp-ml-skel-dot" />
            <Skeleton width={240} />
          </div>
          <div className="jp-ml-facts">
            {[96, 64, 72, 80].map(width => (
              <Skeleton key={width} width={width} />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

/** The run is gone or cannot be read; what was known of it stays below. */
export function RunGone({
  error,
  kept
}: {
  readonly error: ISourceError;
  readonly kept: boolean;
}): React.JSX.Element {
  const missing = error.code === 'run_not_found';
  if (kept) {
    return (
      <Banner icon="info">
        {missing ? trans.__('This run was deleted. What was known of it is shown.') : error.message}
      </Banner>
    );
  }
  return missing ? (
    <EmptyState
      title={trans.__('There is no such run.')}
      text={trans.__('It was deleted, or it belongs to another workspace.')}
    />
  ) : (
    <EmptyState title={trans.__('The run could not be read.')} text={error.message} />
  );
}
