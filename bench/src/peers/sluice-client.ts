import { createClient, type SluiceClient } from '@sluice/sdk';
import { formatSnapshot } from '@sluice/sdk/evaluation';
import { SluiceProvider } from '@sluice/sdk/openfeature';
import { type Peer, subject } from './subject.js';
import { throughOpenFeature } from './through-open-feature.js';

/** Our client as services use it: it counts what it answers. */
export const sluiceClient: Peer = {
  write: formatSnapshot,
  start: async (text) => {
    const client = await connect(text);
    return subject({
      toContext: (person) => ({ ...person }),
      ask: (key) => (context) => client.string(key, context, 'fallback'),
      askAll: () => (context) => client.evaluateAll(context),
      read: (variation) => variation,
      readAll: (answers, keys) => keys.map((key) => answers[key]?.variant),
      close: () => client.close(),
    });
  },
};

/** The same client behind OpenFeature's. */
export const sluiceByOpenFeature: Peer = {
  write: formatSnapshot,
  start: async (text) => {
    const sluice = await connect(text);
    return throughOpenFeature(new SluiceProvider(sluice), () => sluice.close());
  },
};

/** A control plane that says one thing: what is measured needs none. */
function connect(text: string): Promise<SluiceClient> {
  const answer = async (url: string | URL | Request): Promise<Response> =>
    new Request(url).url.endsWith('/snapshot') ? new Response(text) : new Response(null, { status: 202 });
  const options = {
    url: 'http://sluice.invalid',
    token: 'slu_server_bench',
    cacheDir: false,
    streaming: false,
  } as const;
  const silent = (): void => undefined;
  // The checks ask for more distinct flags than one report takes.
  const logger = { debug: silent, info: silent, warn: silent, error: console.error };
  return createClient({ ...options, fetch: answer, logger });
}
