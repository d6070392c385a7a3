import React from 'react';
import { formatFullTime } from '../../model/format';
import { trans } from '../../model/language';
import type { IImported } from '../../model/types';
import { KeyValues } from './KeyValues';

const TOOLS: Readonly<Record<string, string>> = {
  mlflow: 'MLflow',
  tensorboard: 'TensorBoard',
  wandb: 'Weights & Biases'
};

/** Where a run comes from that was made by another tool. */
export function Imported({ from }: { readonly from: IImported }): React.JSX.Element {
  const { tool, source, id, imported_ms: time } = from;
  const title = trans.__('Imported');
  const entries: readonly (readonly [string, string | null])[] = [
    [trans.__('Tool'), TOOLS[tool] ?? tool],
    [trans.__('Id there'), id],
    [trans.__('Source'), source],
    [trans.__('Time'), time === null ? null : formatFullTime(time)]
  ];
  return (
    <section className="jp-ml-imported" aria-label={title}>
      <h3>{title}</h3>
      <KeyValues entries={entries.flatMap(([key, value]) => (value ? [[key, value]] : []))} />
    </section>
  );
}
