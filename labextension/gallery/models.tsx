import React, { useMemo, useState } from 'react';
import ModelsPage from '../src/components/models/ModelsPage';
import { demoModels } from '../src/sources/demoModels';
import { FakeRunSource } from '../src/sources/fake';
import { galleryHost } from './host';

/** `?view=models&model=<name>`: the list, or one model; `empty=1`: none at all. */
export function ModelsSheet(): React.JSX.Element {
  const options = new URLSearchParams(location.search);
  const empty = options.get('empty') !== null;
  const source = useMemo(() => new FakeRunSource(empty ? {} : demoModels()), [empty]);
  const [place, setPlace] = useState({
    model: options.get('model'),
    version: null as number | null
  });
  return (
    <div className="page">
      <ModelsPage
        source={source}
        host={galleryHost()}
        {...place}
        onModel={(model, version) => setPlace({ model, version })}
      />
    </div>
  );
}
