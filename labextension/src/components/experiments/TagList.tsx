import React, { useState } from 'react';
import { trans } from '../../model/language';
import { parseTag } from '../data/actions';
import { IconButton } from '../ui/Button';
import { Chip } from '../ui/Chip';

type Tags = Readonly<Record<string, string | null>>;

interface ITagListProps {
  readonly tags: Tags;
  /** Told all tags that there are to be. Absent: they can only be read. */
  readonly onChange?: (tags: Tags) => void;
}

/** Tags as chips; who may write removes them and adds one. */
export function TagList({ tags, onChange }: ITagListProps): React.JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const without = (key: string): Tags =>
    Object.fromEntries(Object.entries(tags).filter(([other]) => other !== key));
  return (
    <span className="jp-ml-xp-tags">
      {Object.entries(tags).map(([key, value]) => (
        <Chip
          key={key}
          label={value === null ? key : `${key}: ${value}`}
          onRemove={onChange && (() => onChange(without(key)))}
        />
      ))}
      {onChange && typed === null && (
        <IconButton icon="add" label={trans.__('Add tag')} onClick={() => setTyped('')} />
      )}
      {typed !== null && (
        <span className="jp-ml-field jp-ml-tag-field">
          <input
            autoFocus
            value={typed}
            placeholder={trans.__('tag or name=value')}
            aria-label={trans.__('New tag')}
            onChange={event => setTyped(event.target.value)}
            onBlur={() => setTyped(null)}
            onKeyDown={event => {
              event.stopPropagation();
              const tag = event.key === 'Enter' ? parseTag(typed) : null;
              if (tag) {
                onChange?.({ ...tags, ...tag });
              }
              if (event.key === 'Enter' || event.key === 'Escape') {
                setTyped(null);
              }
            }}
          />
        </span>
      )}
    </span>
  );
}
