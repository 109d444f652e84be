import { cacheExchange, Client, fetchExchange, mapExchange } from '@urql/core';
import { activeQueries } from './active-queries.js';
import { failureOf } from './failure.js';
import { sessionEnded } from './session-state.js';
import type { Topic } from './topics.js';

const active = activeQueries();

/** Speaks with the server that the page came from, as whoever its cookie says. */
export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  fetchOptions: { credentials: 'same-origin' },
  exchanges: [
    active.exchange,
    mapExchange({
      onError: (error) => {
        if (failureOf(error).kind === 'unauthenticated') sessionEnded();
      },
    }),
    cacheExchange,
    fetchExchange,
  ],
});

/** Asks again what the page shows of these topics. */
export function refreshTopics(topics: ReadonlySet<Topic>): void {
  active.refresh(client, ({ context }) => context.topics?.some((topic) => topics.has(topic)) ?? true);
}

/** Asks again all that the page shows: what happened meanwhile is not known. */
export function refreshAll(): void {
  active.refresh(client, () => true);
}
