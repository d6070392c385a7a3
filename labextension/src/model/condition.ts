/** Conditions on parameters, as the server reads them: `lr<0.01`, `optimizer=adam`, `model~vit`. All pure. */

const FORM = /^(.+?)\s*(>=|<=|!=|==|=|>|<|~)\s*(.+)$/s;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The finite number that a text spells; null: none. */
export function spelledNumber(text: string): number | null {
  const number = NUMBER.test(text.trim()) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : null;
}

export interface IParameterCondition {
  readonly name: string;
  readonly sign: string;
  readonly value: number | string;
}

/** What a text states; null where it states nothing, or asks whether a text is greater or less. */
export function parameterCondition(text: string): IParameterCondition | null {
  const [, name, sign = '', wanted = ''] = FORM.exec(text.trim()) ?? [];
  const number = spelledNumber(wanted);
  if (name === undefined || (number === null && /[<>]/.test(sign))) {
    return null;
  }
  return { name, sign, value: number === null || sign === '~' ? wanted : number };
}

/** Whether it holds of a parameter's value; it does not of none. */
export function holdsOf({ sign, value }: IParameterCondition, given: string | undefined): boolean {
  if (given === undefined) {
    return false;
  }
  if (sign === '~') {
    return given.toLowerCase().includes(String(value).toLowerCase());
  }
  const known = typeof value === 'number' ? spelledNumber(given) : given;
  if (sign === '!=') {
    return known !== value;
  }
  if (typeof known !== 'number' || typeof value !== 'number') {
    return known === value;
  }
  const signs: Readonly<Record<string, boolean>> = {
    '<': known < value,
    '<=': known <= value,
    '>': known > value,
    '>=': known >= value
  };
  return signs[sign] ?? known === value;
}
