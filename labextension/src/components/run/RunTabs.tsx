import React, { useRef, useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { Icon } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import { tabWord, tabsShown, type RunTab } from './tabs';

interface IRunTabsProps {
  readonly tab: RunTab;
  /** The tabs that the run has. */
  readonly tabs: readonly RunTab[];
  readonly onTab: (tab: RunTab) => void;
  /** Numbers beside the names of tabs, where something is counted. */
  readonly counts: Readonly<Partial<Record<RunTab, number>>>;
  readonly width: number;
  /** Id of the panel that the tabs rule. */
  readonly panel: string;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Tabs that do not fit: a button whose menu has them; it carries the name of the one that is open. */
function More(props: IRunTabsProps & { hidden: readonly RunTab[] }): React.JSX.Element {
  const { hidden, tab, onTab } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const current = hidden.find(name => name === tab);
  const open = (): void => {
    const box = button.current?.getBoundingClientRect();
    setAt({ x: box?.left ?? 0, y: box?.bottom ?? 0 });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={current ? 'jp-ml-tab jp-mod-on' : 'jp-ml-tab'}
        aria-haspopup="menu"
        onClick={open}
      >
        {current ? tabWord(current) : trans.__('More')}
        <Icon name="down" />
      </button>
      {at && (
        <Menu
          at={at}
          label={trans.__('More tabs')}
          entries={hidden.map(name => ({
            label: tabWord(name),
            checked: name === tab,
            run: () => onTab(name)
          }))}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}

/** The tabs of a run's page: one tab stop, arrows go from one to the next. */
export function RunTabs(props: IRunTabsProps): React.JSX.Element {
  const { tab, tabs, onTab, counts, width, panel } = props;
  const list = useRef<HTMLDivElement>(null);
  const shown = tabs.slice(0, tabsShown(width));
  const hidden = tabs.slice(shown.length);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = STEPS[event.key];
    const at = shown.findIndex(name => name === tab);
    const next = step && at >= 0 ? shown[(at + step + shown.length) % shown.length] : undefined;
    if (next) {
      event.preventDefault();
      onTab(next);
      list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
    }
  };
  return (
    <div className="jp-ml-tabs">
      <div
        ref={list}
        className="jp-ml-tablist"
        role="tablist"
        aria-label={trans.__('Run')}
        onKeyDown={onKeyDown}
      >
        {shown.map((name, i) => {
          const on = name === tab;
          const first = i === 0 && !shown.some(other => other === tab);
          return (
            <button
              key={name}
              type="button"
              role="tab"
              data-tab={name}
              aria-selected={on}
              aria-controls={panel}
              tabIndex={on || first ? 0 : -1}
              className={on ? 'jp-ml-tab jp-mod-on' : 'jp-ml-tab'}
              onClick={() => onTab(name)}
            >
              {tabWord(name)}
              {counts[name] ? (
                <span className="jp-ml-tab-n">{formatCount(counts[name])}</span>
              ) : null}
            </button>
          );
        })}
      </div>
      {hidden.length > 0 && <More {...props} hidden={hidden} />}
    </div>
  );
}
