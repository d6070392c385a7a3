/** What was installed where a run ran: a table that can be narrowed, and copied. */
import React, { useEffect, useMemo, useState } from 'react';
import { asSourceError } from '../../model/errors';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { matching, requirementsText, type IPackage, type IPackages } from '../../model/packages';
import type { IRunSource } from '../../model/source';
import type { IRunDetail } from '../../model/types';
import { toClipboard } from '../data/clipboard';
import { Button } from '../ui/Button';
import { SearchField } from '../ui/SearchField';
import { Skeleton } from '../ui/Skeleton';

interface IState {
  readonly found: IPackages | null;
  readonly error: string | null;
}

function usePackages(source: IRunSource, run: string, digest: string): IState {
  const [state, setState] = useState<IState>({ found: null, error: null });
  useEffect(() => {
    let wanted = true;
    source.query('packages', { run }).then(
      found => wanted && setState({ found, error: null }),
      (reason: unknown) => wanted && setState({ found: null, error: asSourceError(reason).message })
    );
    return () => {
      wanted = false;
    };
  }, [source, run, digest]);
  return state;
}

function originText({ origin, local, editable }: IPackage): string {
  if (origin === null) {
    return '';
  }
  if (editable) {
    return trans.__('%1, editable', origin);
  }
  return local ? trans.__('%1 on the machine of the run', origin) : origin;
}

function PackageTable({ list }: { readonly list: readonly IPackage[] }): React.JSX.Element {
  const origins = list.some(one => one.origin !== null);
  return (
    <table className="jp-ml-table jp-mod-fit jp-ml-packages">
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col">{trans.__('Version')}</th>
          {origins && <th scope="col">{trans.__('Installed from')}</th>}
        </tr>
      </thead>
      <tbody>
        {list.map(one => (
          <tr key={one.name}>
            <th scope="row">{one.name}</th>
            <td className="jp-ml-mono">{one.version}</td>
            {origins && (
              <td className="jp-ml-dim" title={one.origin ?? undefined}>
                {originText(one)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** "184 packages, Python 3.11.7", or how many of them are shown. */
export function countSentence(shown: number, all: number, python: string): string {
  const packages =
    shown === all
      ? trans._n('%1 package', '%1 packages', all, formatCount(all))
      : trans.__('%1 of %2 packages', formatCount(shown), formatCount(all));
  return python === '' ? packages : trans.__('%1, Python %2', packages, python);
}

interface IInstalledProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
}

/** Draws nothing for a run of which it is not known. */
export function InstalledPackages({ source, run }: IInstalledProps): React.JSX.Element | null {
  const fact = run.packages ?? null;
  return fact === null ? null : <Known key={run.id} {...{ source, fact }} run={run.id} />;
}

function Known({
  source,
  run,
  fact
}: {
  readonly source: IRunSource;
  readonly run: string;
  readonly fact: NonNullable<IRunDetail['packages']>;
}): React.JSX.Element {
  const { found, error } = usePackages(source, run, fact.digest);
  const [text, setText] = useState('');
  const all = useMemo(() => found?.packages ?? [], [found]);
  const shown = useMemo(() => matching(all, text), [all, text]);
  const title = trans.__('Installed packages');
  return (
    <section className="jp-ml-details-part" aria-label={title} aria-busy={!found && !error}>
      <h3>{title}</h3>
      <div className="jp-ml-env-head jp-ml-packages-head">
        <p role="status">
          {found
            ? countSentence(shown.length, all.length, fact.python)
            : countSentence(fact.count, fact.count, fact.python)}
        </p>
        {found && (
          <div className="jp-ml-packages-filter">
            <SearchField
              label={trans.__('Filter packages')}
              placeholder={trans.__('Filter packages')}
              text={text}
              onChange={setText}
            />
          </div>
        )}
        {found && (
          <Button kind="quiet" onClick={() => void toClipboard(requirementsText(all))}>
            {trans.__('Copy all as requirements.txt')}
          </Button>
        )}
      </div>
      {error !== null && <p className="jp-ml-dim">{error}</p>}
      {!found && error === null && <Skeleton width="60%" />}
      {found && shown.length === 0 && (
        <p className="jp-ml-dim">{trans.__('No package matches.')}</p>
      )}
      {shown.length > 0 && (
        <div className="jp-ml-packages-box" role="group" aria-label={title} tabIndex={0}>
          <PackageTable list={shown} />
        </div>
      )}
    </section>
  );
}
