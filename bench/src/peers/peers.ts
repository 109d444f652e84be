import type { Peer } from './subject.js';

/** A row of the comparison. */
export interface PeerRow {
  /** As readers know it. */
  readonly name: string;
  /** The package whose version is told; undefined: ours. */
  readonly packageName: string | undefined;
  /** Each process loads one library. */
  readonly load: () => Promise<Peer>;
  /** Takes no part in the question who is quickest: it is a way into a library that is in another row. */
  readonly isDetour?: boolean;
}

export const PEERS: readonly PeerRow[] = [
  {
    name: 'Sluice, evaluator',
    packageName: undefined,
    load: async () => (await import('./sluice.js')).sluiceEvaluator,
  },
  {
    name: 'Sluice, client',
    packageName: undefined,
    load: async () => (await import('./sluice-client.js')).sluiceClient,
  },
  {
    name: 'Sluice through OpenFeature',
    packageName: '@openfeature/server-sdk',
    load: async () => (await import('./sluice-client.js')).sluiceByOpenFeature,
    isDetour: true,
  },
  { name: 'flagd', packageName: '@openfeature/flagd-core', load: async () => (await import('./flagd.js')).flagd },
  { name: 'ConfigCat', packageName: 'configcat-node', load: async () => (await import('./configcat.js')).configcat },
  {
    name: 'GrowthBook',
    packageName: '@growthbook/growthbook',
    load: async () => (await import('./growthbook.js')).growthbook,
  },
  {
    name: 'LaunchDarkly',
    packageName: '@launchdarkly/node-server-sdk',
    load: async () => (await import('./launchdarkly.js')).launchdarkly,
  },
  { name: 'Unleash', packageName: 'unleash-client', load: async () => (await import('./unleash.js')).unleash },
  { name: 'Flagsmith', packageName: 'flagsmith-nodejs', load: async () => (await import('./flagsmith.js')).flagsmith },
];
