import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { init, type LDOptions } from '@launchdarkly/node-server-sdk';
import { FileDataSourceFactory } from '@launchdarkly/node-server-sdk/integrations';
import type { Snapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import { type RuleShape, shapeOf } from './shape.js';
import { asyncSubject, type Peer } from './subject.js';

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
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
    try {
      const path = join(folder, 'flags.json');
      writeFileSync(path, text);
      const source = new FileDataSourceFactory({ paths: [path], autoUpdate: false });
      const options: LDOptions = {
        updateProcessor: source.getFactory(),
        sendEvents: false,
        diagnosticOptOut: true,
        logger: { error: console.error, warn: console.error, info: () => undefined, debug: () => undefined },
      };
      const client = init('sdk-bench', options);
      await client.waitForInitialization({ timeout: 60 });
      return asyncSubject({
        toContext: ({ targetingKey, ...attributes }) => ({ kind: 'user', key: targetingKey, ...attributes }),
        ask: (key) => (context) => client.stringVariation(key, context, 'fallback'),
        askAll: () => (context) => client.allFlagsState(context),
        read: (variation) => variation,
        readAll: (state, keys) => keys.map((key) => String(state.getFlagValue(key))),
        close: () => client.close(),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

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
