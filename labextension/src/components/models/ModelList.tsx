import React, { type RefObject, useMemo, useState } from 'react';
import { formatCount } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { useNow } from '../data/useNow';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { FirstCell } from '../ui/FirstCell';
import { SearchField } from '../ui/SearchField';
import { SkeletonRows } from '../ui/Skeleton';
import { searchModels, sortModels } from './list';
import { ModelTable } from './ModelTable';
import { ServiceTable } from './ServiceTable';
import { useModels } from './useModels';

const CLOCK_MS = 10_000;
/** Code that registers a first model. */
const FIRST_MODEL_CODE = [
  'from ml_jupyter import Model, Workspace',
  '',
  'ws = Workspace.from_config()',
  'model = Model.register(ws, "outputs/model.pkl", "first-model")'
].join('\n');

interface IModelListProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
  /** Where it is shown; nothing is asked while that cannot be seen. */
  readonly place: RefObject<Element>;
  readonly onModel: (name: string, version: number | null) => void;
}

/** What is done first where there is no model. */
function Nothing({ host }: Pick<IModelListProps, 'host'>): React.JSX.Element {
  return (
    <EmptyState
      title={trans.__('No models yet.')}
      text={trans.__('A model is registered by its run, or from a file. This registers one:')}
    >
      <FirstCell host={host} code={FIRST_MODEL_CODE} />
    </EmptyState>
  );
}

function Head(props: {
  readonly count: number | null;
  readonly text: string;
  readonly onText: (text: string) => void;
}): React.JSX.Element {
  return (
    <div className="jp-ml-head jp-mod-short">
      <div className="jp-ml-head-title">
        <h1 data-text={trans.__('Models')}>{trans.__('Models')}</h1>
        <span className="jp-ml-dim jp-ml-num">
          {props.count !== null && formatCount(props.count)}
        </span>
      </div>
      <div className="jp-ml-xp-bar" role="search">
        <SearchField
          label={trans.__('Search models')}
          placeholder={trans.__('Search name, framework, tag or person')}
          text={props.text}
          onChange={props.onText}
        />
      </div>
    </div>
  );
}

function NoMatch({ text, onClear }: { readonly text: string; readonly onClear: () => void }) {
  return (
    <EmptyState title={trans.__('No model matches “%1”.', text)}>
      <Button kind="link" onClick={onClear}>
        {trans.__('Clear search')}
      </Button>
    </EmptyState>
  );
}

/** All models by their newest version, and the services that answer with them. */
export function ModelList(props: IModelListProps): React.JSX.Element {
  const { source, host, place } = props;
  const [text, setText] = useState('');
  const [sort, setSort] = useState('-created');
  const { value, error, again } = useModels(source, place);
  const now = useNow(CLOCK_MS);
  const all = value?.models ?? [];
  const shown = useMemo(
    () => sortModels(searchModels(value?.models ?? [], text), sort),
    [value, text, sort]
  );
  const services = value?.services ?? [];
  const none = error?.code === 'no_workspace' || (value !== null && all.length === 0);
  return (
    <>
      <Head count={value && all.length} text={text} onText={setText} />
      <div className="jp-ml-xp-body">
        {error && !value && !none && (
          <EmptyState title={trans.__('The models could not be read.')} text={error.message}>
            <Button onClick={again}>{trans.__('Try again')}</Button>
          </EmptyState>
        )}
        {error && value && <Banner icon="warning">{error.message}</Banner>}
        {!value && !error && <SkeletonRows />}
        {none && <Nothing host={host} />}
        {all.length > 0 && shown.length === 0 && (
          <NoMatch text={text} onClear={() => setText('')} />
        )}
        {shown.length > 0 && (
          <ModelTable {...props} {...{ services, now, sort }} models={shown} onSort={setSort} />
        )}
        {services.length > 0 && (
          <section className="jp-ml-models-services" aria-label={trans.__('Services')}>
            <h2>{trans.__('Services')}</h2>
            <ServiceTable
              {...props}
              {...{ services }}
              canDelete={value?.canDelete ?? false}
              onChanged={again}
            />
          </section>
        )}
      </div>
    </>
  );
}
