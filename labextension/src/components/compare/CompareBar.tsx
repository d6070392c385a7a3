import React, { useRef, useState } from 'react';
import { trans } from '../../model/language';
import { Button } from '../ui/Button';
import { Chip } from '../ui/Chip';
import { ColumnPicker } from './ColumnPicker';
import { differencesText } from './CompareTable';
import type { ICompareContent } from './content';
import { parseFilter } from './filters';
import type { ITable } from './table';

interface ICompareBarProps {
  readonly table: ITable;
  readonly content: ICompareContent;
  readonly onChange: (change: Partial<ICompareContent>) => void;
}

/** A field for one more filter; Enter adds it, and what means nothing is said below. */
function FilterField({ table, content, onChange }: ICompareBarProps): React.JSX.Element {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const add = (): void => {
    const parsed = parseFilter(text, table.all);
    setError(parsed.error);
    if (parsed.error === null) {
      onChange({ filters: [...content.filters.filter(one => one !== text.trim()), text.trim()] });
      setText('');
    }
  };
  return (
    <span className="jp-ml-compare-filter">
      <label className="jp-ml-field">
        <input
          type="search"
          aria-label={trans.__('Filter by value')}
          aria-invalid={error !== null}
          placeholder={trans.__('Filter: val_auc > 0.9')}
          value={text}
          onChange={event => {
            setText(event.target.value);
            setError(null);
          }}
          onKeyDown={event => {
            if (event.key === 'Enter' && text.trim() !== '') {
              add();
            }
          }}
        />
      </label>
      {error && (
        <span className="jp-ml-compare-error jp-ml-small jp-ml-err" role="alert">
          {error}
        </span>
      )}
    </span>
  );
}

/** What of the runs is shown: differences or all, filters, columns, and which way the table lies. */
export function CompareBar(props: ICompareBarProps): React.JSX.Element {
  const { table, content, onChange } = props;
  const [picking, setPicking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { everything } = content;
  return (
    <div className="jp-ml-bar jp-ml-compare-bar">
      <span className="jp-ml-segment" role="group" aria-label={trans.__('Columns')}>
        <Button aria-pressed={!everything} onClick={() => onChange({ everything: false })}>
          {trans.__('Differences')}
        </Button>
        <Button aria-pressed={everything} onClick={() => onChange({ everything: true })}>
          {trans.__('All %1', table.chosen.length)}
        </Button>
      </span>
      <span className="jp-ml-small jp-ml-dim jp-ml-num jp-ml-mid-wide" role="status">
        {differencesText(table, everything)}
      </span>
      {content.filters.map(filter => (
        <Chip
          key={filter}
          label={filter}
          onRemove={() => onChange({ filters: content.filters.filter(one => one !== filter) })}
        />
      ))}
      <span className="jp-ml-grow" />
      <FilterField {...props} />
      <Button
        kind="quiet"
        aria-pressed={content.across}
        onClick={() => onChange({ across: !content.across })}
      >
        {content.across ? trans.__('Runs as rows') : trans.__('Runs as columns')}
      </Button>
      <Button ref={button} kind="quiet" aria-haspopup="dialog" onClick={() => setPicking(true)}>
        {trans.__('Columns')}
      </Button>
      {picking && (
        <ColumnPicker
          label={trans.__('Columns')}
          anchor={button.current}
          columns={table.all}
          chosen={table.chosen}
          onChange={columns => onChange({ columns })}
          onClose={() => setPicking(false)}
        />
      )}
    </div>
  );
}
