import { InMemStorageProvider, Unleash, type Context } from 'unleash-client';
import { type Peer, subject } from './subject.js';
import { featureOf, segmentOf } from './unleash-document.js';

/**
 * Unleash's SDK from a bootstrap document, without metrics. What is on or off is asked for by `isEnabled`; flags that serve
 * three values are by `getVariant`. It has no call for all flags: they are asked for one by one.
 */
export const unleash: Peer = {
  write: (snapshot) =>
    JSON.stringify({
      features: snapshot.flags.map(featureOf),
      segments: snapshot.segments.map(segmentOf),
    }),
  start: async (text) => {
    // Of the form that `write` gave it.
    const { features, segments } = JSON.parse(text) as { features: Feature[]; segments: Segment[] };
    const client = new Unleash({
      appName: 'bench',
      url: 'http://unleash.invalid',
      refreshInterval: 0,
      disableMetrics: true,
      disableAutoStart: true,
      skipInstanceCountWarning: true,
      storageProvider: new InMemStorageProvider(),
      bootstrap: { data: features, segments },
    });
    // It goes on to ask its server, which there is none of.
    client.on('error', () => undefined);
    client.on('warn', () => undefined);
    const ready = new Promise((resolve) => client.once('ready', resolve));
    void client.start();
    await ready;
    const withVariants = new Set(features.filter(({ strategies }) => hasVariants(strategies)).map(({ name }) => name));
    const ask =
      (key: string) =>
      (context: Context): string | boolean =>
        withVariants.has(key) ? client.getVariant(key, context).name : client.isEnabled(key, context);
    return subject({
      toContext: ({ targetingKey, age, ...rest }): Context => ({
        userId: targetingKey,
        properties: { ...rest, age: String(age) },
      }),
      ask: (key) =>
        withVariants.has(key)
          ? (context: Context): string | boolean => client.getVariant(key, context).name
          : (context: Context): string | boolean => client.isEnabled(key, context),
      askAll: (keys) => (context) => {
        const answers = new Array<string | boolean>(keys.length);
        for (let i = 0; i < keys.length; i += 1) answers[i] = ask(keys[i] ?? '')(context);
        return answers;
      },
      read: variationOf,
      readAll: (answers) => answers.map(variationOf),
      close: () => client.destroy(),
    });
  },
};

type Options = NonNullable<ConstructorParameters<typeof Unleash>[0]['bootstrap']>;
type Feature = NonNullable<Options['data']>[number];
type Segment = NonNullable<Options['segments']>[number];

function hasVariants(strategies: Feature['strategies']): boolean {
  return strategies?.some(({ variants }) => variants !== undefined && variants.length > 0) ?? false;
}

function variationOf(answer: string | boolean): string {
  if (typeof answer === 'string') return answer;
  return answer ? 'on' : 'off';
}
