import { stringifyDocument } from '@urql/core';
import { type Client as LiveClient, createClient } from 'graphql-ws';
import { Batch } from './batch.js';
import { refreshAll, refreshTopics } from './client.js';
import { graphql, type ResultOf } from './graphql.js';
import { liveState } from './live-state.js';
import { reconnectWaitMs } from './reconnect-wait.js';
import { sessionEnded } from './session-state.js';
import type { Topic } from './topics.js';

/** A change is a hint to look; what of it is needed here is its topic. */
const changes = graphql(`
  subscription Changes($project: String!) {
    changes(project: $project) {
      topic
    }
  }
`);

/** Closings that another attempt alone does not mend: not let in, and a permission taken away. */
const NOT_LET_IN = 4401;
const PERMISSION_GONE = 4403;
const GATHER_MS = 120;
/** In which a subscription has begun: nothing says when, and what changed before it did is told to nobody. */
const BEGIN_MS = 1_000;
const HEARTBEAT_MS = 15_000;

/**
 * Follows what changes in a project, and asks again what the page shows of it. Answers how to stop. Connects again by
 * itself; as nothing is replayed, all that is shown is asked again then.
 */
export function followChanges(project: string): () => void {
  let beginning: ReturnType<typeof setTimeout> | undefined;
  const changed = new Batch<Topic>(GATHER_MS, refreshTopics);
  let wasLive = false;
  const live: LiveClient = createClient({
    url: `${location.origin.replace(/^http/u, 'ws')}/graphql`,
    keepAlive: HEARTBEAT_MS,
    retryAttempts: Infinity,
    shouldRetry: (closing) => !isFinal(closing),
    retryWait: (attempt) => new Promise((resolve) => setTimeout(resolve, reconnectWaitMs(attempt, Math.random()))),
    on: {
      connected: () => {
        clearTimeout(beginning);
        beginning = setTimeout(refreshAll, BEGIN_MS);
        liveState.set('live');
        if (wasLive) refreshAll();
        wasLive = true;
      },
      closed: () => liveState.set('lost'),
    },
  });
  const stop = live.subscribe<ResultOf<typeof changes>>(
    { query: stringifyDocument(changes), variables: { project } },
    {
      next: ({ data }) => {
        if (data) changed.add(data.changes.topic);
      },
      error: (closing) => {
        liveState.set('lost');
        if (codeOf(closing) === NOT_LET_IN) sessionEnded();
        else refreshAll();
    clearTimeout(beginning);
      },
      complete: () => undefined,
    },
  );
  return () => {
    stop();
    void live.dispose();
    liveState.set('connecting');
  };
}

function isFinal(closing: unknown): boolean {
  const code = codeOf(closing);
  return code === NOT_LET_IN || code === PERMISSION_GONE;
}

function codeOf(closing: unknown): number | undefined {
  return closing instanceof CloseEvent ? closing.code : undefined;
}
