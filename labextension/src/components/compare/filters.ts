/** Filters by value: `val_auc > 0.9`, `lr = 3e-4`, `optimizer ~ adam`. All pure. */
import { trans } from '../../model/language';
import { isMissing, plotNumber, type PlotValue } from '../plots/columns';
import { sameValue, type IColumn } from './columns';

const FORM = /^\s*(.+?)\s*(>=|<=|!=|=|>|<|~)\s*(.*?)\s*$/;

type Test = (value: PlotValue | undefined) => boolean;

export type ParsedFilter =
  | { readonly test: Test; readonly column: IColumn; readonly error: null }
  | { readonly test: null; readonly column: null; readonly error: string };

const refused = (error: string): ParsedFilter => ({ test: null, column: null, error });

/** The column of a name: by id, by label, or a metric by its name alone, which means its best value. */
export function columnNamed(columns: readonly IColumn[], name: string): IColumn | undefined {
  const low = name.toLowerCase();
  return (
    columns.find(one => one.id === name) ??
    columns.find(one => one.label.toLowerCase() === low) ??
    columns.find(one => one.metric?.toLowerCase() === low)
  );
}

function numeric(sign: string, bound: number): Test {
  const compare: Record<string, (n: number) => boolean> = {
    '>': n => n > bound,
    '<': n => n < bound,
    '>=': n => n >= bound,
    '<=': n => n <= bound
  };
  return value => {
    const number = plotNumber(value);
    return number !== null && compare[sign]?.(number) === true;
  };
}

/** What a filter means; a sentence that says what is wrong where it means nothing. */
export function parseFilter(text: string, columns: readonly IColumn[]): ParsedFilter {
  const [, name = '', sign = '', wanted = ''] = FORM.exec(text) ?? [];
  if (name === '') {
    return refused(trans.__('Write a name, a sign and a value: val_auc > 0.9'));
  }
  const column = columnNamed(columns, name);
  if (!column) {
    return refused(trans.__('No parameter or metric is called %1.', name));
  }
  const bound = plotNumber(wanted);
  if (sign === '~') {
    const low = wanted.toLowerCase();
    return {
      column,
      error: null,
      test: value => !isMissing(value) && String(value).toLowerCase().includes(low)
    };
  }
  if (sign === '=' || sign === '!=') {
    const same: Test = value => sameValue(value, wanted === '' ? null : wanted);
    return { column, error: null, test: sign === '=' ? same : value => !same(value) };
  }
  return bound === null
    ? refused(trans.__('%1 is no number.', wanted === '' ? '…' : wanted))
    : { column, error: null, test: numeric(sign, bound) };
}

/** Which runs pass every filter that means something. */
export function passing(
  count: number,
  filters: readonly string[],
  columns: readonly IColumn[]
): readonly boolean[] {
  const parsed = filters.map(filter => parseFilter(filter, columns));
  return Array.from({ length: count }, (_, run) =>
    parsed.every(one => one.test === null || one.test(one.column.values[run]))
  );
}
