import React, { useCallback, useEffect, useState } from 'react';
import { trans } from '../../model/language';
import { Button } from './Button';
import { EmptyState } from './EmptyState';

/**
 * A component whose code is fetched when it is first drawn, so that pages which never show it do not pay for it.
 *
 * @param load - fetches the component; is asked again when a person tries again after a failure
 * @param Waiting - stands in its place meanwhile, with its final heights
 * @param Frame - around what stands there meanwhile
 */
export function later<P extends object>(
  load: () => Promise<React.ComponentType<P>>,
  Waiting: React.ComponentType,
  Frame: React.ComponentType<React.PropsWithChildren> = React.Fragment
): React.ComponentType<P> {
  let loaded: React.ComponentType<P> | null = null;
  return function Later(props: P): React.JSX.Element {
    const [Shown, setShown] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    const fetchIt = useCallback(() => {
      setFailed(false);
      load().then(
        found => {
          loaded = found;
          setShown(() => found);
        },
        () => setFailed(true)
      );
    }, []);
    useEffect(() => {
      if (!loaded) {
        fetchIt();
      }
    }, [fetchIt]);
    if (Shown) {
      return <Shown {...props} />;
    }
    return <Frame>{failed ? <NotLoaded onAgain={fetchIt} /> : <Waiting />}</Frame>;
  };
}

/** The server is away, or was updated while this page was open. */
function NotLoaded({ onAgain }: { readonly onAgain: () => void }): React.JSX.Element {
  return (
    <EmptyState
      title={trans.__('This view could not be loaded.')}
      text={trans.__('The server does not answer, or was updated: reload the page then.')}
    >
      <Button onClick={onAgain}>{trans.__('Try again')}</Button>
    </EmptyState>
  );
}
