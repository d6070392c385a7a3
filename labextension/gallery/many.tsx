import React, { useMemo } from 'react';
import { Sidebar } from '../src/components/sidebar/Sidebar';
import { demoRun } from '../src/sources/demo';
import { FakeRunSource } from '../src/sources/fake';
import { galleryHost } from './host';

const RUNS = 10_000;
const host = galleryHost();

/** Ten thousand runs, to scroll through. */
export function ManyRuns(): React.JSX.Element {
  const source = useMemo(() => {
    const runs = Array.from({ length: RUNS }, (_, i) =>
      demoRun({
        id: `run-${i}`,
        number: i,
        display_name: `resnet50-pcam-lr${(i % 97) / 1000}-seed${i}`,
        status: i % 13 === 0 ? 'Failed' : 'Completed',
        reason: i % 13 === 0 ? `Loss became NaN at step ${i}.` : null,
        created_ms: i * 1000,
        ended_ms: i * 1000 + 500
      })
    );
    return new FakeRunSource({ runs });
  }, []);
  return (
    <div className="panel" style={{ height: 880 }}>
      <Sidebar source={source} host={host} />
    </div>
  );
}
