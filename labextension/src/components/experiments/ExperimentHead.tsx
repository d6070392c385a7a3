import React from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IExperimentInfo } from '../../model/types';
import { giveCommand } from '../data/actions';
import type { ISidebarHost } from '../sidebar/host';
import { Button } from '../ui/Button';
import type { MenuEntry } from '../ui/Menu';
import type { ExperimentChange } from './change';
import { InlineText } from './InlineText';
import { StateBar } from './StateBar';
import { TagList } from './TagList';

interface IExperimentHeadProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly experiment: IExperimentInfo;
  readonly canWrite: boolean;
  /** The saved view that is shown, and what can be done with it. */
  readonly views: (more: readonly MenuEntry[]) => React.ReactNode;
  readonly note: string;
  readonly onBack: () => void;
  readonly onChanged: () => void;
}

function Crumbs({ name, onBack }: { readonly name: string; readonly onBack: () => void }) {
  return (
    <>
      <Button kind="link" onClick={onBack}>
        {trans.__('Experiments')}
      </Button>
      <span className="jp-ml-dim" aria-hidden="true">
        /
      </span>
      <h1 data-text={name} className="jp-ml-cut" title={name}>
        {name}
      </h1>
    </>
  );
}

/** Which experiment it is, how it does and what it is about. */
export function ExperimentHead(props: IExperimentHeadProps): React.JSX.Element {
  const { source, host, experiment: one, canWrite, onBack, onChanged } = props;
  const change = async (what: ExperimentChange): Promise<void> => {
    const args = { experiment: one.id, ...what };
    await giveCommand(source, host, 'updateExperiment', args);
    onChanged();
  };
  const archive: MenuEntry = {
    label: one.archived ? trans.__('Bring back') : trans.__('Archive'),
    run: () => void change({ archived: !one.archived })
  };
  return (
    <div className="jp-ml-head jp-mod-short">
      <div className="jp-ml-head-title">
        <Crumbs name={one.name} onBack={onBack} />
        <StateBar counts={one.states} />
        <TagList tags={one.tags} onChange={canWrite ? tags => void change({ tags }) : undefined} />
        <span className="jp-ml-dim jp-ml-cut jp-ml-xp-note">{props.note}</span>
        {props.views(canWrite ? [archive] : [])}
      </div>
      <div className="jp-ml-xp-about">
        <InlineText
          text={one.description ?? ''}
          label={trans.__('Description of %1', one.name)}
          empty={trans.__('Add a description')}
          onChange={canWrite ? text => void change({ description: text || null }) : undefined}
        />
      </div>
    </div>
  );
}
