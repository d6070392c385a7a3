import React, { useRef, useState } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IRunDetail } from '../../model/types';
import { giveCommand, parseTag } from '../data/actions';
import { Button, IconButton } from '../ui/Button';
import { Chip } from '../ui/Chip';

interface ITagEditorProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
}

/** Tags that are shown beside the name; the others come when they are asked for. */
const AT_FIRST = 3;

/** A field for one tag: Enter keeps it, Esc and leaving the field do not. */
function TagField(props: {
  readonly onAdd: (tag: Record<string, string | null>) => void;
  readonly onClose: () => void;
}): React.JSX.Element {
  const [text, setText] = useState('');
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') {
      const tag = parseTag(text);
      if (tag) {
        props.onAdd(tag);
      }
      props.onClose();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      props.onClose();
    }
  };
  return (
    <span className="jp-ml-field jp-ml-tag-field">
      <input
        autoFocus
        value={text}
        placeholder={trans.__('tag or name=value')}
        aria-label={trans.__('New tag')}
        onChange={event => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={props.onClose}
      />
    </span>
  );
}

/** The tags of a run; who may write adds and removes them here. */
export function TagEditor({ source, run, host }: ITagEditorProps): React.JSX.Element {
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const mayWrite = run.can_write && source.command !== undefined;
  const update = (change: { tags?: Record<string, string | null>; remove_tags?: string[] }): void =>
    void giveCommand(source, host, 'update', { run: run.id, ...change });
  const tags = Object.entries(run.tags);
  const few = tags.length <= AT_FIRST + 1;
  return (
    <span
      className={all && !few ? 'jp-ml-tags jp-mod-all' : 'jp-ml-tags'}
      role="group"
      aria-label={trans.__('Tags')}
    >
      {(few || all ? tags : tags.slice(0, AT_FIRST)).map(([key, value]) => (
        <Chip
          key={key}
          label={value === null ? key : `${key}: ${value}`}
          onRemove={mayWrite ? () => update({ remove_tags: [key] }) : undefined}
        />
      ))}
      {!few && (
        <Button kind="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? trans.__('Show fewer') : trans.__('%1 more', tags.length - AT_FIRST)}
        </Button>
      )}
      {adding && (
        <TagField
          onAdd={tags => update({ tags })}
          onClose={() => {
            setAdding(false);
            button.current?.focus();
          }}
        />
      )}
      {mayWrite && !adding && (
        <IconButton
          ref={button}
          icon="add"
          label={trans.__('Add tag')}
          onClick={() => setAdding(true)}
        />
      )}
    </span>
  );
}
