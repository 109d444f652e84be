import type { AnyVariables } from '@urql/core';
import { useEffect } from 'react';
import { useClient } from 'urql';
import type { LiveQuery } from './live-query.js';

/**
 * Asks again every so often what no change is told of: what is measured, and sentences that say how long ago. Not while
 * nobody sees the page. Without a time it does nothing.
 */
export function useFresh<Data, Variables extends AnyVariables>(
  { document, context }: LiveQuery<Data, Variables>,
  variables: Variables,
  everyMs: number | undefined,
): void {
  const client = useClient();
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (globalThis.document.visibilityState === 'hidden') return;
      void client.query(document, variables, { ...context, requestPolicy: 'network-only' }).toPromise();
    }, everyMs);
    return () => clearInterval(timer);
    // The key says all that the variables do.
  }, [client, document, context, key, everyMs]);
}
