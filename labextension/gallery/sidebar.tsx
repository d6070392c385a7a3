import React, { useMemo } from 'react';
import { Sidebar } from '../src/components/sidebar/Sidebar';
import { demoWorld } from '../src/sources/demo';
import { FakeRunSource, type IFakeWorld } from '../src/sources/fake';
import { galleryHost } from './host';

const host = galleryHost();

interface IPanelProps {
  readonly title: string;
  readonly height: number;
  readonly world?: IFakeWorld;
  readonly act?: (source: FakeRunSource) => void;
  readonly name: string;
}

function Panel({ title, height, world, act, name }: IPanelProps): React.JSX.Element {
  const source = useMemo(() => {
    const made = new FakeRunSource(world ?? demoWorld());
    if (act) {
      setTimeout(() => act(made), 100);
    }
    return made;
  }, [world, act]);
  return (
    <div data-view={name}>
      <figcaption>{title}</figcaption>
      <div className="panel" style={{ height }}>
        <Sidebar source={source} host={host} />
      </div>
    </div>
  );
}

const EMPTY: IFakeWorld = { runs: [] };
const HELD: IFakeWorld = { ...demoWorld(), held: true };
const lose = (source: FakeRunSource): void => source.lose(8000, Date.now() - 60_000);

/** The panel in each of its states. */
export function SidebarSheet(): React.JSX.Element {
  return (
    <div className="sheet">
      <figure>
        <Panel name="work" title="At work" height={880} />
      </figure>
      <figure>
        <Panel name="search" title="To be searched" height={880} />
      </figure>
      <figure>
        <Panel name="empty" title="No runs yet" height={568} world={EMPTY} />
        <Panel name="match" title="No match" height={296} />
      </figure>
      <figure>
        <Panel name="lost" title="Server gone" height={568} act={lose} />
        <Panel name="load" title="First load" height={296} world={HELD} />
      </figure>
    </div>
  );
}
