import React, { useRef, useState } from 'react';
import type { ISavedViewEntry } from '../../model/compare';
import { formatTime } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import { toClipboard } from '../data/clipboard';
import { Banner } from '../ui/Banner';
import { Button, IconButton } from '../ui/Button';
import { Menu, type MenuEntry } from '../ui/Menu';
import type { ISavedViewState } from './useSavedView';

export interface IViewBarHost extends Pick<IViewHost, 'confirm' | 'notify'> {
  prompt(title: string, label: string): Promise<string | null>;
}

interface IViewBarProps {
  readonly saved: ISavedViewState;
  readonly host: IViewBarHost;
  /** The address that shows the same to others; null where pages have none. */
  readonly link: string | null;
  /** Further entries of the menu. */
  readonly more?: readonly MenuEntry[];
}

interface IOpenMenu {
  readonly label: string;
  readonly at: { readonly x: number; readonly y: number };
  readonly entries: readonly MenuEntry[];
}

async function askName(host: IViewBarHost, title: string): Promise<string | null> {
  const name = (await host.prompt(title, trans.__('Name')))?.trim();
  return name ? name : null;
}

async function duplicate({ saved, host }: IViewBarProps): Promise<void> {
  const name = await askName(host, trans.__('Save as a new view'));
  if (name) {
    await saved.saveAs(name);
  }
}

async function rename({ saved, host }: IViewBarProps): Promise<void> {
  const name = await askName(host, trans.__('Rename %1', saved.view?.name ?? ''));
  if (name) {
    await saved.rename(name);
  }
}

async function remove({ saved, host }: IViewBarProps): Promise<void> {
  const { view } = saved;
  const question = trans.__('Delete the view %1? The runs stay as they are.', view?.name ?? '');
  if (view && (await host.confirm(question, trans.__('Delete')))) {
    await saved.remove(view.id);
  }
}

function listEntries(
  views: readonly ISavedViewEntry[],
  saved: ISavedViewState
): readonly MenuEntry[] {
  return views.length === 0
    ? [{ label: trans.__('No view is saved yet.'), disabled: true, run: () => undefined }]
    : views.map(view => ({
        label: view.name,
        keys: [view.user, formatTime(view.modified_ms, Date.now())].filter(Boolean).join(', '),
        checked: view.id === saved.view?.id,
        run: () => void saved.open(view.id)
      }));
}

function moreEntries(props: IViewBarProps): readonly MenuEntry[] {
  const { saved, more = [] } = props;
  const off = saved.view === null || !saved.canWrite;
  return [
    ...more,
    ...(more.length > 0 ? (['separator'] as const) : []),
    {
      label: trans.__('Save as a new view'),
      disabled: !saved.canWrite,
      run: () => void duplicate(props)
    },
    { label: trans.__('Rename the view'), disabled: off, run: () => void rename(props) },
    { label: trans.__('Delete the view'), disabled: off, run: () => void remove(props) }
  ];
}

/** Someone else saved the view meanwhile: whose version stays is asked, never guessed. */
function Conflict(props: IViewBarProps): React.JSX.Element {
  const { saved } = props;
  return (
    <Banner
      icon="warning"
      action={
        <span className="jp-ml-row">
          <Button onClick={() => void saved.settle('theirs')}>{trans.__('Load theirs')}</Button>
          <Button onClick={() => void duplicate(props)}>{trans.__('Save mine as new')}</Button>
          <Button onClick={() => void saved.settle('mine')}>{trans.__('Replace theirs')}</Button>
        </span>
      }
    >
      {saved.error?.message} {trans.__('Yours is not saved.')}
    </Banner>
  );
}

/** What went wrong with a view, or what has to be decided; stands below the head of a page. */
export function ViewMessages(props: IViewBarProps): React.JSX.Element | null {
  const { saved } = props;
  if (saved.conflict) {
    return <Conflict {...props} />;
  }
  return saved.error ? <Banner icon="warning">{saved.error.message}</Banner> : null;
}

/** Save, choose and share a view; what is rare is in the menu. */
export function ViewBar(props: IViewBarProps): React.JSX.Element {
  const { saved, host, link } = props;
  const [menu, setMenu] = useState<IOpenMenu | null>(null);
  const [copied, setCopied] = useState<string | null>(null);
  const listButton = useRef<HTMLButtonElement>(null);
  const below = (element: Element | null): IOpenMenu['at'] => {
    const box = element?.getBoundingClientRect();
    return { x: box?.left ?? 0, y: (box?.bottom ?? 0) + 2 };
  };
  const showList = async (): Promise<void> => {
    const label = trans.__('Saved views');
    const views = await saved.list();
    setMenu({ label, at: below(listButton.current), entries: listEntries(views, saved) });
  };
  const copy = async (address: string): Promise<void> => {
    if (await toClipboard(address)) {
      setCopied(address);
    } else {
      host.notify('error', trans.__('The browser did not allow copying.'));
    }
  };
  return (
    <span className="jp-ml-acts">
      {saved.canWrite && (
        <Button
          disabled={saved.busy || (saved.view !== null && !saved.edited)}
          onClick={() => void (saved.view ? saved.save() : duplicate(props))}
        >
          {trans.__('Save')}
        </Button>
      )}
      <Button ref={listButton} aria-haspopup="menu" onClick={() => void showList()}>
        {trans.__('Views')}
      </Button>
      {link !== null && (
        <Button className="jp-ml-page-wide" onClick={() => void copy(link)}>
          {copied === link ? trans.__('Link copied') : trans.__('Copy link')}
        </Button>
      )}
      <IconButton
        icon="more"
        label={trans.__('More')}
        aria-haspopup="menu"
        onClick={event =>
          setMenu({
            label: trans.__('View'),
            at: below(event.currentTarget),
            entries: moreEntries(props)
          })
        }
      />
      {menu && <Menu {...menu} onClose={() => setMenu(null)} />}
    </span>
  );
}
