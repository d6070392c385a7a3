import React from 'react';
import { formatFullTime, formatTime } from '../../model/format';
import { trans } from '../../model/language';
import type { IImported } from '../../model/types';

const TOOLS: Readonly<Record<string, string>> = {
  mlflow: 'MLflow',
  tensorboard: 'TensorBoard',
  wandb: 'Weights & Biases'
};

const toolName = ({ tool }: IImported): string => TOOLS[tool] ?? tool;

/** Names and values of what is known of it. */
export function importedEntries(from: IImported): readonly (readonly [string, string | null])[] {
  const { source, id, imported_ms: time } = from;
  return [
    [trans.__('Tool'), toolName(from)],
    [trans.__('Id there'), id],
    [trans.__('Source'), source],
    [trans.__('Time'), time === null ? null : formatFullTime(time)]
  ];
}

/** Where a run comes from that was made by another tool, in short sentences. */
export function Imported({ from }: { readonly from: IImported }): React.JSX.Element {
  const { source, id, imported_ms: time } = from;
  const tool = toolName(from);
  const sentences = [
    time === null
      ? trans.__('Imported from %1.', tool)
      : trans.__('Imported from %1, %2.', tool, formatTime(time, Date.now())),
    id && trans.__('Its id there: %1.', id),
    source && trans.__('Source: %1.', source)
  ];
  return (
    <p
      className="jp-ml-used jp-ml-imported jp-ml-dim"
      title={time === null ? undefined : formatFullTime(time)}
    >
      {sentences.filter(Boolean).join(' ')}
    </p>
  );
}
