import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { retryDelayMs } from './retry-delay.js';

/** The server's heartbeat is 15 s: three missed ones mean that the connection is dead. */
const SILENCE_MS = 45_000;

export interface StreamSettings {
  readonly url: string;
  readonly token: string;
  /** Key of the project. */
  readonly project: string;
  /** `release/<id>`. */
  readonly subject: string;
}

/**
 * Follows what happens to a subject until it is told to stop, and goes on behind the last event it saw when the
 * connection breaks or the server restarts. Never rejects: whoever looks for himself now and then misses nothing.
 */
export async function followEvents(settings: StreamSettings, onEvent: () => void, stop: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  const parser = createParser({
    onEvent: ({ id, data }) => {
      lastEventId = id ?? lastEventId;
      if (data !== '') onEvent();
    },
  });
  for (let failures = 1; !stop.aborted; failures += 1) {
    try {
      const status = await readOnce(settings, lastEventId, stop, (text) => {
        failures = 0;
        lastEventId = idOf(text) ?? lastEventId;
        parser.feed(text);
      });
      // Asking again would change nothing.
      if (status === 401 || status === 403 || status === 404) return;
    } catch {
      // The connection broke, or never came about.
    }
    parser.reset();
    await sleep(retryDelayMs(Math.max(1, failures), Math.random()), undefined, { signal: stop }).catch(() => undefined);
  }
}

/** The id of a block without data, which is no event to a parser: where a stream begins says so. */
function idOf(text: string): string | undefined {
  return /(?:^|\n)id: (\d+)\n\n/u.exec(text)?.[1];
}

/** One connection from its opening to its end. */
async function readOnce(
  { url, token, project, subject }: StreamSettings,
  lastEventId: string | undefined,
  stop: AbortSignal,
  onText: (text: string) => void,
): Promise<number> {
  const silence = new AbortController();
  const watchdog = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const address = new URL(`${url.replace(/\/+$/u, '')}/api/v1/projects/${encodeURIComponent(project)}/events`);
    address.searchParams.set('subject', subject);
    const response = await fetch(address, {
      signal: AbortSignal.any([stop, silence.signal]),
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return response.status;
    }
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      watchdog.refresh();
      onText(text);
    }
    return response.status;
  } finally {
    clearTimeout(watchdog);
  }
}
