import type React from 'react';

/** What the keys of a log do: Ctrl F, and single keys by their names. */
export interface ILogKeys {
  readonly find: () => void;
  readonly [key: string]: () => void;
}

const typing = (target: EventTarget): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement;

/** A handler of key presses; single keys do nothing while somebody types. */
export function logKeys(keys: ILogKeys): (event: React.KeyboardEvent) => void {
  return event => {
    const command = event.ctrlKey || event.metaKey;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (command && name === 'f') {
      event.preventDefault();
      event.stopPropagation();
      keys.find();
      return;
    }
    const act = name === 'find' ? undefined : keys[name];
    if (act && !command && !event.altKey && !typing(event.target)) {
      event.preventDefault();
      act();
    }
  };
}
