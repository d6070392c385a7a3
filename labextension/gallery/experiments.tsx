import React, { useMemo, useState } from 'react';
import ExperimentsPage from '../src/components/experiments/ExperimentsPage';
import { demoWorld } from '../src/sources/demo';
import { FakeRunSource } from '../src/sources/fake';
import { galleryHost } from './host';
import { runWorld } from './runWorld';

/** `?view=experiments&experiment=<name>`: the list, or one experiment with a chart; `empty=1`: none at all. */
export function ExperimentsSheet(): React.JSX.Element {
  const options = new URLSearchParams(location.search);
  const empty = options.get('empty') !== null;
  const source = useMemo(() => {
    const world = runWorld();
    const runs = [...(demoWorld().runs ?? []), ...(world.runs ?? [])];
    return new FakeRunSource(empty ? { runs: [] } : { ...world, runs });
  }, [empty]);
  const first = options.get('experiment');
  const [experiment, setExperiment] = useState(first);
  return (
    <div className="page">
      <ExperimentsPage
        source={source}
        host={galleryHost()}
        experiment={experiment}
        view={null}
        workspace={null}
        onExperiment={name => setExperiment(name)}
      />
    </div>
  );
}
