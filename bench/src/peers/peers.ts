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

const OURS = { isOurs: true, isThroughOpenFeature: false } as const;
const PEER = { isOurs: false, isThroughOpenFeature: false } as const;
const PEER_THROUGH = { isOurs: false, isThroughOpenFeature: true } as const;

/** Ours first in each group. ConfigCat, Unleash and Flagsmith have no provider for servers, or none with a licence. */
export const PEERS: readonly PeerRow[] = [
  { ...OURS, name: 'Sluice, evaluator', load: async () => (await import('./sluice.js')).sluiceEvaluator },
  { ...OURS, name: 'Sluice, client', load: async () => (await import('./sluice-client.js')).sluiceClient },
  {
    ...{ ...PEER, name: 'flagd', packageName: '@openfeature/flagd-core' },
    load: async () => (await import('./flagd.js')).flagd,
  },
  {
    ...{ ...PEER, name: 'ConfigCat', packageName: 'configcat-node' },
    load: async () => (await import('./configcat.js')).configcat,
  },
  {
    ...{ ...PEER, name: 'GrowthBook', packageName: '@growthbook/growthbook' },
    load: async () => (await import('./growthbook.js')).growthbook,
  },
  {
    ...{ ...PEER, name: 'LaunchDarkly', packageName: '@launchdarkly/node-server-sdk' },
    load: async () => (await import('./launchdarkly.js')).launchdarkly,
  },
  {
    ...{ ...PEER, name: 'Unleash', packageName: 'unleash-client' },
    load: async () => (await import('./unleash.js')).unleash,
  },
  {
    ...{ ...PEER, name: 'Flagsmith', packageName: 'flagsmith-nodejs' },
    load: async () => (await import('./flagsmith.js')).flagsmith,
  },
  {
    ...{ isOurs: true, isThroughOpenFeature: true },
    ...{ name: 'Sluice through OpenFeature', packageName: '@openfeature/server-sdk' },
    load: async () => (await import('./sluice-client.js')).sluiceByOpenFeature,
  },
  {
    ...{ ...PEER_THROUGH, name: 'flagd through OpenFeature', packageName: '@openfeature/flagd-provider' },
    load: async () => (await import('./flagd.js')).flagdByOpenFeature,
  },
  {
    ...{ ...PEER_THROUGH, name: 'GrowthBook through OpenFeature', packageName: '@openfeature/growthbook-provider' },
    load: async () => (await import('./growthbook.js')).growthbookByOpenFeature,
  },
  {
    ...PEER_THROUGH,
    ...{ name: 'LaunchDarkly through OpenFeature', packageName: '@launchdarkly/openfeature-node-server' },
    load: async () => (await import('./launchdarkly.js')).launchdarklyByOpenFeature,
  },
];
