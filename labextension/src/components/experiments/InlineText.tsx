import React, { useRef, useState } from 'react';

interface IInlineTextProps {
  readonly text: string;
  /** What it is, for who cannot see where it stands. */
  readonly label: string;
  /** What stands there while there is no text. */
  readonly empty: string;
  /** Absent: the text can only be read. */
  readonly onChange?: (text: string) => void;
}

/** A text that becomes a field when it is clicked: Enter or leaving keeps what was typed, Esc does not. */
export function InlineText(props: IInlineTextProps): React.JSX.Element {
  const { text, label, empty, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (keep: boolean): void => {
    if (keep && typed !== null && typed.trim() !== text) {
      onChange?.(typed.trim());
    }
    setTyped(null);
    queueMicrotask(() => button.current?.focus());
  };
  if (!onChange) {
    return <span className={text ? 'jp-ml-cut' : 'jp-ml-dim'}>{text}</span>;
  }
  if (typed === null) {
    return (
      <button
        ref={button}
        type="button"
        className="jp-ml-inline jp-ml-cut"
        title={text || undefined}
        aria-label={`${label}: ${text || empty}`}
        onClick={() => setTyped(text)}
      >
        {text || <span className="jp-ml-dim">{empty}</span>}
      </button>
    );
  }
  return (
    <span className="jp-ml-field jp-ml-inline-field">
      <input
        autoFocus
        value={typed}
        aria-label={label}
        onChange={event => setTyped(event.target.value)}
        onBlur={() => close(true)}
        onKeyDown={event => {
          event.stopPropagation();
          if (event.key === 'Enter' || event.key === 'Escape') {
            close(event.key === 'Enter');
          }
        }}
      />
    </span>
  );
}
