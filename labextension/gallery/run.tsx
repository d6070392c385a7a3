import React, { useEffect, useMemo, useState } from 'react';
import { RunPage } from '../src/components/run/RunPage';
import { FakeRunSource } from '../src/sources/fake';
import { wideRun } from './children';
import { galleryHost } from './host';
import { runWorld, stretch, tick } from './runWorld';

const withChildren = (world: ReturnType<typeof runWorld>, count: number): typeof world => {
  const { runs, metrics } = wideRun(count);
  return count > 0
    ? {
        ...world,
        runs: [...(world.runs ?? []), ...runs],
        metrics: { ...world.metrics, ...metrics }
      }
    : world;
};

/**
 * `?view=run&run=<id>&tab=<tab>`: one page of a run over the whole window; `live=1` lets it go on, `points=<n>` and
 * `lines=<n>` make its curves and its log that long;
 * `children=<n>` adds the run `wide` with so many children.
 */
export function RunSheet(): React.JSX.Element {
  const options = new URLSearchParams(location.search);
  const source = useMemo(() => {
    const options = new URLSearchParams(location.search);
    const world = withChildren(runWorld(), Number(options.get('children')));
    stretch(world, Number(options.get('points')), Number(options.get('lines')));
    return new FakeRunSource(world);
  }, []);
  const [run, setRun] = useState(options.get('run') ?? 'mixup');
  const [tab, setTab] = useState(options.get('tab') ?? 'overview');
  const live = options.get('live') !== null;
  useEffect(() => {
    if (!live) {
      return;
    }
    const timer = setInterval(() => tick(source), 500);
    return () => clearInterval(timer);
  }, [source, live]);
  return (
    <div className="page">
      <RunPage
        source={source}
        runId={run}
        tab={tab}
        onTab={setTab}
        onOpenRun={(id, next) => {
          setRun(id);
          setTab(next ?? 'overview');
        }}
        host={galleryHost()}
      />
    </div>
  );
}
