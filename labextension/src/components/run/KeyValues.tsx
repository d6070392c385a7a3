import React from 'react';

interface IKeyValuesProps {
  readonly entries: readonly (readonly [key: string, value: React.ReactNode])[];
  /** Values stand right, as numbers do; otherwise left and may take several lines. */
  readonly compact?: boolean;
}

/** Names and values, one pair a row with a hairline below. */
export function KeyValues({ entries, compact = false }: IKeyValuesProps): React.JSX.Element {
  return (
    <dl className={compact ? 'jp-ml-kv jp-mod-compact' : 'jp-ml-kv'}>
      {entries.map(([key, value]) => (
        <React.Fragment key={key}>
          <dt title={key}>{key}</dt>
          <dd title={typeof value === 'string' ? value : undefined}>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
