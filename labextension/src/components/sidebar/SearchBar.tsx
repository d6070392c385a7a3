import React, { useEffect, useRef, useState } from 'react';
import { trans } from '../../model/language';
import { IconButton, Button } from '../ui/Button';
import { Chip } from '../ui/Chip';
import { Icon } from '../ui/Icon';
import { filterLabel, toggleFilter, typedFilters, type IFilter } from './filters';

const TYPING_MS = 150;

interface ISearchBarProps {
  readonly text: string;
  readonly filters: readonly IFilter[];
  readonly onChange: (text: string, filters: readonly IFilter[]) => void;
  /** Opens the menu of filters below a button. */
  readonly onFilterMenu: (at: { x: number; y: number }) => void;
  /** Down arrow: on into the list. */
  readonly onLeave: () => void;
  readonly inputRef: React.RefObject<HTMLInputElement>;
}

/** What is typed, told on after a short pause, at once by Enter; filters typed as words become chips. */
function useTyping({
  text,
  filters,
  onChange
}: ISearchBarProps): [string, (typed: string) => void, () => void] {
  const [typed, setTyped] = useState(text);
  const told = useRef(text);
  if (told.current !== text) {
    told.current = text;
    setTyped(text);
  }
  const submit = (): void => {
    const found = typedFilters(typed);
    const all = found.filters.reduce(
      (set, f) => (set.some(s => filterLabel(s) === filterLabel(f)) ? set : toggleFilter(set, f)),
      filters
    );
    told.current = found.text;
    setTyped(found.text);
    onChange(found.text, all);
  };
  useEffect(() => {
    if (typed.trim() === told.current || typedFilters(typed).filters.length) {
      return;
    }
    const timer = setTimeout(() => {
      told.current = typed.trim();
      onChange(told.current, filters);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, filters, onChange]);
  return [typed, setTyped, submit];
}

/** Search field, filter button, and a chip for each filter that is set. */
export function SearchBar(props: ISearchBarProps): React.JSX.Element {
  const { filters, onChange, inputRef } = props;
  const [typed, setTyped, submit] = useTyping(props);
  const openMenu = (event: React.MouseEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    props.onFilterMenu({ x: box.left, y: box.bottom + 2 });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') {
      submit();
    } else if (event.key === 'Escape' && typed) {
      setTyped('');
      onChange('', filters);
    } else if (event.key === 'ArrowDown' || event.key === 'Escape') {
      props.onLeave();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div className="jp-ml-search" role="search">
        <div className="jp-ml-field">
          <Icon name="search" />
          <input
            ref={inputRef}
            type="search"
            aria-label={trans.__('Search runs')}
            placeholder={trans.__('Search name, tag or value')}
            spellCheck={false}
            value={typed}
            onChange={event => setTyped(event.target.value)}
            onKeyDown={onKeyDown}
          />
          {typed ? (
            <IconButton
              icon="close"
              label={trans.__('Clear search')}
              onClick={() => onChange('', filters)}
            />
          ) : (
            <span className="jp-ml-kbd" aria-hidden="true">
              /
            </span>
          )}
        </div>
        <IconButton
          icon="filter"
          label={trans.__('Filter')}
          aria-haspopup="menu"
          pressed={filters.length > 0}
          onClick={openMenu}
        />
      </div>
      {filters.length > 0 && (
        <div className="jp-ml-chips">
          {filters.map(filter => (
            <Chip
              key={filterLabel(filter)}
              label={filterLabel(filter)}
              onRemove={() => onChange(props.text, toggleFilter(filters, filter))}
            />
          ))}
          <Button kind="link" className="jp-ml-chip-add" icon="add" onClick={openMenu}>
            {trans.__('Filter')}
          </Button>
        </div>
      )}
    </>
  );
}
