import { useEffect, useState, useSyncExternalStore } from 'react';
import type { IRunSource } from '../../model/source';
import type { IBufferLimits } from './buffer';
import { LogStore } from './store';

export interface IUseLogOptions {
  readonly raw?: boolean;
  readonly openBytes?: number;
  readonly limits?: IBufferLimits;
  readonly whole?: boolean;
}

const nothing = (): (() => void) => () => undefined;
const zero = (): number => 0;

/** A log being read for as long as the component lives; renders again when it changes. Null before the first render. */
export function useLogStore(
  source: IRunSource,
  run: string,
  path: string,
  options: IUseLogOptions = {}
): LogStore | null {
  const [store, setStore] = useState<LogStore | null>(null);
  const { raw, openBytes, limits, whole } = options;
  useEffect(() => {
    const made = new LogStore(source, { run, path, raw, openBytes, limits, whole });
    setStore(made);
    return () => made.dispose();
  }, [source, run, path, raw, openBytes, limits, whole]);
  useSyncExternalStore(store?.listen ?? nothing, store?.getVersion ?? zero);
  return store;
}
