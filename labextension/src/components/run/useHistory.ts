import { useEffect, useState } from 'react';
import type { IRunSource } from '../../model/source';
import type { IMachineInfo } from '../../model/types';

/** Messages kept: some four minutes at one every two seconds. */
const KEPT = 120;

const NONE: readonly IMachineInfo[] = [];

/** The machine's use since this view was opened, newest last. */
export function useMachineHistory(source: IRunSource): readonly IMachineInfo[] {
  const [history, setHistory] = useState(NONE);
  useEffect(() => {
    setHistory(NONE);
    const subscription = source.subscribe(
      'machine',
      {},
      { next: info => setHistory(old => [...old.slice(1 - KEPT), info]), error: () => undefined }
    );
    return () => subscription.dispose();
  }, [source]);
  return history;
}
