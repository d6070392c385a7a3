import React from 'react';
import { trans } from '../../model/language';
import { IconButton } from './Button';
import { Icon } from './Icon';

interface ISearchFieldProps {
  /** What is searched. */
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** A field that narrows what is listed as one types. */
export function SearchField(props: ISearchFieldProps): React.JSX.Element {
  const { label, placeholder, text, onChange } = props;
  return (
    <div className="jp-ml-field jp-ml-xp-search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={event => onChange(event.target.value)}
      />
      {text && (
        <IconButton icon="close" label={trans.__('Clear search')} onClick={() => onChange('')} />
      )}
    </div>
  );
}
