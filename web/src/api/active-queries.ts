import type { Client, Exchange, Operation } from '@urql/core';
import { tap } from 'wonka';

/** Knows which queries something on the page shows, and asks them again where they may be old. */
export interface ActiveQueries {
  readonly exchange: Exchange;
  /** Asks again, past the cache, whatever `isAffected` names. */
  refresh(client: Client, isAffected: (operation: Operation) => boolean): void;
}

export function activeQueries(): ActiveQueries {
  const active = new Map<number, Operation>();
  return {
    exchange:
      ({ forward }) =>
      (operations) =>
        forward(
          tap((operation: Operation) => {
            if (operation.kind === 'query') active.set(operation.key, operation);
            if (operation.kind === 'teardown') active.delete(operation.key);
          })(operations),
        ),
    refresh: (client, isAffected) => {
      for (const operation of [...active.values()].filter(isAffected)) {
        const context = { ...operation.context, requestPolicy: 'network-only' as const };
        client.reexecuteOperation(client.createRequestOperation('query', operation, context));
      }
    },
  };
}
