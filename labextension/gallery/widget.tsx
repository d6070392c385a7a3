import React, { useMemo } from 'react';
import { RunWidget } from '../src/components/widget/RunWidget';
import { demoSnapshot, demoWorld } from '../src/sources/demo';
import { demoSweep } from '../src/sources/demoSweep';
import { FakeRunSource, type IFakeWorld } from '../src/sources/fake';
import { SnapshotRunSource } from '../src/sources/snapshot';
import { galleryHost } from './host';

const host = galleryHost();
const withSweep = (): IFakeWorld => {
  const world = demoWorld();
  return { ...world, runs: [...(world.runs ?? []), ...demoSweep().runs] };
};
const LIVE = ['mixup', 'hd', 'sweep', 'vit-s16-pcam-lr1e-3-mixup', 'vit-s16-pcam-lr3e-4-bs128'];

/** The widget running, with children, waiting, failed, saved and deleted, as in the cells of a notebook. */
export function WidgetSheet(): React.JSX.Element {
  const world = useMemo(() => new FakeRunSource(withSweep()), []);
  const saved = useMemo(() => new SnapshotRunSource(demoSnapshot('mixup')), []);
  return (
    <div className="cells">
      {LIVE.map(id => (
        <div key={id} className="cell" data-view={id}>
          <RunWidget source={world} runId={id} host={host} hasPages />
        </div>
      ))}
      <div className="cell" data-view="saved">
        <RunWidget source={saved} runId="mixup" host={host} hasPages={false} />
      </div>
    </div>
  );
}
