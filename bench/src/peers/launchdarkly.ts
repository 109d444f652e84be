import { init, type LDOptions } from '@launchdarkly/node-server-sdk';
import { FileDataSourceFactory } from '@launchdarkly/node-server-sdk/integrations';
import { LaunchDarklyProvider } from '@launchdarkly/openfeature-node-server';
import type { Provider } from '@openfeature/server-sdk';
import type { Snapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import { type FlagsFile, writeFlagsFile } from './flags-file.js';
import { type RuleShape, shapeOf } from './shape.js';
import { asyncSubject, type Peer } from './subject.js';
import { throughOpenFeature } from './through-open-feature.js';

/** How long it may take until it is ready. */
const START_SECONDS = 60;
const VARIATIONS = ['on', 'off', 'third'];
const OPERATORS = { in: 'in', endsWith: 'endsWith', lessThan: 'lessThan', inSegment: 'segmentMatch' } as const;

/** LaunchDarkly's server SDK on its file source, sending no events. */
export const launchdarkly: Peer = {
  write: (snapshot) =>
    JSON.stringify({
      flags: Object.fromEntries(snapshot.flags.map((flag) => [flag.key, flagOf(flag)])),
      segments: Object.fromEntries(snapshot.segments.map((segment) => [segment.key, segmentOf(segment)])),
    }),
  start: async (text) => {
    const file = writeFlagsFile(text);
    try {
      const client = init('sdk-bench', readingFrom(file));
      await client.waitForInitialization({ timeout: START_SECONDS });
      return asyncSubject({
        toContext: ({ targetingKey, ...attributes }) => ({ kind: 'user', key: targetingKey, ...attributes }),
        ask: (key) => (context) => client.stringVariation(key, context, 'fallback'),
        askAll: () => (context) => client.allFlagsState(context),
        read: (variation) => variation,
        readAll: (state, keys) => keys.map((key) => String(state.getFlagValue(key))),
        close: () => client.close(),
      });
    } finally {
      file.remove();
    }
  },
};

/** The same by its OpenFeature provider. */
export const launchdarklyByOpenFeature: Peer = {
  write: launchdarkly.write,
  start: async (text) => {
    const file = writeFlagsFile(text);
    try {
      const provider = new TypedProvider('sdk-bench', readingFrom(file), START_SECONDS);
      return await throughOpenFeature(provider, () => provider.onClose());
    } finally {
      file.remove();
    }
  },
};

// Its declarations import each other without extensions, which Node's resolution does not follow.
const TypedProvider = LaunchDarklyProvider as unknown as new (
  key: string,
  options: LDOptions,
  startSeconds: number,
) => Provider & Required<Pick<Provider, 'onClose'>>;

function readingFrom({ path }: FlagsFile): LDOptions {
  return {
    updateProcessor: new FileDataSourceFactory({ paths: [path], autoUpdate: false }).getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: { error: console.error, warn: console.error, info: () => undefined, debug: () => undefined },
  };
}

function flagOf(flag: SnapshotFlag): object {
  const { key, rules, otherwise } = shapeOf(flag);
  return {
    key,
    version: 1,
    on: true,
    variations: VARIATIONS,
    offVariation: 1,
    salt: key,
    prerequisites: [],
    targets: [],
    contextTargets: [],
    rules: rules.map((rule, index) => ({ id: `rule-${index}`, clauses: [clauseOf(rule)], variation: 0 })),
    fallthrough:
      typeof otherwise === 'string'
        ? { variation: VARIATIONS.indexOf(otherwise) }
        : {
            rollout: {
              kind: 'rollout',
              contextKind: 'user',
              variations: otherwise.map(({ variation, percent }) => ({
                variation: VARIATIONS.indexOf(variation),
                weight: percent * 1_000,
              })),
            },
          },
  };
}

function clauseOf({ attribute, operator, values }: RuleShape): object {
  return { contextKind: 'user', attribute, op: OPERATORS[operator], values, negate: false };
}

function segmentOf({ key, included }: Snapshot['segments'][number]): object {
  return { key, version: 1, included, excluded: [], rules: [], salt: key, unbounded: false };
}
