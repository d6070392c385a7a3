import { describe, expect, it } from 'vitest';
import { usualColumns, type IColumn } from '../columns';

const column = (id: string): IColumn => ({
  id,
  label: id,
  group: 'environment',
  values: ['1', '2']
});

describe('columns of installed packages', () => {
  it('do not crowd the summary, however many differ', () => {
    const packages = Array.from({ length: 300 }, (_, n) => column(`env:installed p${n}`));
    expect(usualColumns([column('env:image'), ...packages], null)).toEqual(['env:image']);
  });
});
