import { stringifyDocument } from '@urql/core';
import { type Client as LiveClient, createClient } from 'graphql-ws';
import { Batch } from './batch.js';
import { refreshAll, refreshTopics } from './client.js';
import { graphql, type ResultOf } from './graphql.js';
import { liveState } from './live-state.js';
import { reconnectWaitMs } from './reconnect-wait.js';
import { readSession } from './session.js';
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
  const changed = new Batch<Topic>(GATHER_MS, refreshTopics);
  let wasLive = false;
  let beginning: ReturnType<typeof setTimeout> | undefined;
  let isLetIn = false;
  let isStopped = false;
  const live: LiveClient = createClient({
    url: `${location.origin.replace(/^http/u, 'ws')}/graphql`,
    keepAlive: HEARTBEAT_MS,
    retryAttempts: Infinity,
    shouldRetry: (closing) => !isFinal(closing),
    retryWait: (attempt) => new Promise((resolve) => setTimeout(resolve, reconnectWaitMs(attempt, Math.random()))),
    on: {
      connected: () => {
        liveState.set('live');
        if (wasLive) refreshAll();
        wasLive = true;
        clearTimeout(beginning);
        beginning = setTimeout(refreshAll, BEGIN_MS);
        isLetIn = true;
      },
      closed: () => liveState.set('lost'),
    },
  });
  const begin = (): (() => void) =>
    live.subscribe<ResultOf<typeof changes>>(
      { query: stringifyDocument(changes), variables: { project } },
      {
        next: ({ data }) => {
          if (data) changed.add(data.changes.topic);
        },
        error: (closing) => {
          liveState.set('lost');
          if (codeOf(closing) === NOT_LET_IN) void askWhy();
          else refreshAll();
        },
        complete: () => undefined,
      },
    );
  /** The session has ended, or a role was given or taken: only who is still known connects again, and only once. */
  const askWhy = async (): Promise<void> => {
    const session = await readSession().catch(() => undefined);
    if (isStopped) return;
    if (session?.viewer === null || !isLetIn) {
      sessionEnded();
      return;
    }
    isLetIn = false;
    refreshAll();
    stop = begin();
  };
  let stop = begin();
  return () => {
    isStopped = true;
    clearTimeout(beginning);
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
