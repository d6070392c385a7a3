import React, { useRef } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';

export const COMPARE_TABS = ['summary', 'curves', 'code', 'environment'] as const;
export type CompareTab = (typeof COMPARE_TABS)[number];

/** The tab of that name; the summary for any other. */
export const toCompareTab = (name: unknown): CompareTab =>
  COMPARE_TABS.find(tab => tab === name) ?? 'summary';

const word = (tab: CompareTab): string =>
  ({
    summary: trans.__('Summary'),
    curves: trans.__('Metrics'),
    code: trans.__('Code'),
    environment: trans.__('Environment')
  })[tab];

interface ICompareTabsProps {
  readonly tab: CompareTab;
  readonly onTab: (tab: CompareTab) => void;
  readonly counts: Readonly<Partial<Record<CompareTab, number>>>;
  /** Id of the panel that the tabs rule. */
  readonly panel: string;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** The tabs of a comparison: one tab stop, arrows go from one to the next. */
export function CompareTabs({ tab, onTab, counts, panel }: ICompareTabsProps): React.JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = STEPS[event.key];
    const count = COMPARE_TABS.length;
    const next = step && COMPARE_TABS[(COMPARE_TABS.indexOf(tab) + step + count) % count];
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
        aria-label={trans.__('Comparison')}
        onKeyDown={onKeyDown}
      >
        {COMPARE_TABS.map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            data-tab={name}
            aria-selected={name === tab}
            aria-controls={panel}
            tabIndex={name === tab ? 0 : -1}
            className={name === tab ? 'jp-ml-tab jp-mod-on' : 'jp-ml-tab'}
            onClick={() => onTab(name)}
          >
            {word(name)}
            {counts[name] ? <span className="jp-ml-tab-n">{formatCount(counts[name])}</span> : null}
          </button>
        ))}
      </div>
    </div>
  );
}
