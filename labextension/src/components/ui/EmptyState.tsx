import React from 'react';

interface IEmptyStateProps {
  readonly title: string;
  /** What to do, in one or two sentences. */
  readonly text?: React.ReactNode;
  readonly children?: React.ReactNode;
}

/** What stands where there is nothing to show. */
export function EmptyState({ title, text, children }: IEmptyStateProps): React.JSX.Element {
  return (
    <div className="jp-ml-empty">
      <p className="jp-ml-strong">{title}</p>
      {text !== undefined && <p className="jp-ml-dim">{text}</p>}
      {children}
    </div>
  );
}
