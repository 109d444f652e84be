import type { Peer } from './subject.js';

/** A row of the comparison. */
export interface PeerRow {
  /** As readers know it. */
  readonly name: string;
  /** The package whose version is told; undefined: none but ours. */
  readonly packageName?: string;
  readonly isOurs: boolean;
  /** Asked by OpenFeature's client, which costs more than most of what it asks: such rows are compared with each other. */
  readonly isThroughOpenFeature: boolean;
  /** Each process loads one library. */
  readonly load: () => Promise<Peer>;
}

type Load = PeerRow['load'];
const ours = (name: string, load: Load): PeerRow => ({ name, load, isOurs: true, isThroughOpenFeature: false });
const peer = (name: string, packageName: string, load: Load): PeerRow => ({
  ...{ name, packageName, load },
  ...{ isOurs: false, isThroughOpenFeature: false },
});
/** `packageName`: of the provider. */
const throughOpenFeature = (name: string, packageName: string, load: Load): PeerRow => ({
  ...{ name: `${name} through OpenFeature`, packageName, load },
  ...{ isOurs: name === 'Sluice', isThroughOpenFeature: true },
});

/** Ours first in each group. ConfigCat, Unleash and Flagsmith have no provider for servers, or none with a licence. */
export const PEERS: readonly PeerRow[] = [
  ours('Sluice, evaluator', async () => (await import('./sluice.js')).sluiceEvaluator),
  ours('Sluice, client', async () => (await import('./sluice-client.js')).sluiceClient),
  peer('flagd', '@openfeature/flagd-core', async () => (await import('./flagd.js')).flagd),
  peer('ConfigCat', 'configcat-node', async () => (await import('./configcat.js')).configcat),
  peer('GrowthBook', '@growthbook/growthbook', async () => (await import('./growthbook.js')).growthbook),
  peer('LaunchDarkly', '@launchdarkly/node-server-sdk', async () => (await import('./launchdarkly.js')).launchdarkly),
  peer('Unleash', 'unleash-client', async () => (await import('./unleash.js')).unleash),
  peer('Flagsmith', 'flagsmith-nodejs', async () => (await import('./flagsmith.js')).flagsmith),
  throughOpenFeature(
    'Sluice',
    '@openfeature/server-sdk',
    async () => (await import('./sluice-client.js')).sluiceByOpenFeature,
  ),
  throughOpenFeature(
    'flagd',
    '@openfeature/flagd-provider',
    async () => (await import('./flagd.js')).flagdByOpenFeature,
  ),
  throughOpenFeature(
    'GrowthBook',
    '@openfeature/growthbook-provider',
    async () => (await import('./growthbook.js')).growthbookByOpenFeature,
  ),
  throughOpenFeature(
    'LaunchDarkly',
    '@launchdarkly/openfeature-node-server',
    async () => (await import('./launchdarkly.js')).launchdarklyByOpenFeature,
  ),
];
