import type { AnyVariables } from '@urql/core';
import { useEffect } from 'react';
import { useClient } from 'urql';
import type { LiveQuery } from './live-query.js';

/**
 * Asks a query again and again while the page is looked at: for what grows with every report of a service, of which no
 * change is told. Whoever shows the query is told what it answers; a failure leaves what was known.
 */
export function useAskedAgain<Data, Variables extends AnyVariables>(
  { document, context }: LiveQuery<Data, Variables>,
  variables: Variables,
  everyMs: number,
): void {
  const client = useClient();
  const key = JSON.stringify(variables);
  useEffect(() => {
    // As they are: the key is the same text.
    const asked = JSON.parse(key) as Variables;
    const timer = setInterval(() => {
      if (window.document.visibilityState !== 'visible') return;
      void client.query(document, asked, { ...context, requestPolicy: 'network-only' }).toPromise();
    }, everyMs);
    return () => clearInterval(timer);
  }, [client, document, context, key, everyMs]);
}
