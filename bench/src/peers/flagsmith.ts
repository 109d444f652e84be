import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Flags, Flagsmith, LocalFileHandler } from 'flagsmith-nodejs';
import { type FlagShape, type RuleShape, shapeOf } from './shape.js';
import { asyncSubject, type Peer } from './subject.js';

/**
 * Flagsmith's SDK in local evaluation, from an environment document. It evaluates all flags for a person at every
 * question, so that where one flag is asked for the environment has no other.
 */
export const flagsmith: Peer = {
  isAllOrNothing: true,
  write: (snapshot) => {
    const members = snapshot.segments[0]?.included ?? [];
    const shapes = snapshot.flags.map(shapeOf);
    const segments = shapes.flatMap((shape, index) =>
      shape.rules.map((rule, priority) =>
        segmentOf(index * 10 + priority + 1, rule, { shape, index, priority, members }),
      ),
    );
    const organisation = {
      id: 1,
      name: 'Bench',
      feature_analytics: false,
      stop_serving_flags: false,
      persist_trait_data: false,
    };
    const project = { id: 1, name: 'Bench', hide_disabled_flags: false, organisation, segments };
    const feature_states = shapes.map((shape, index) => stateOf(shape.key, index, shape.otherwise));
    return JSON.stringify({ id: 1, api_key: 'bench', name: 'Bench', project, feature_states, identity_overrides: [] });
  },
  start: async (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
    try {
      const path = join(folder, 'environment.json');
      writeFileSync(path, text);
      const client = new Flagsmith({ offlineMode: true, offlineHandler: new LocalFileHandler(path) });
      return asyncSubject({
        toContext: ({ targetingKey, ...traits }) => ({ targetingKey, traits: { ...traits } }),
        ask: (key) => async (context) =>
          (await client.getIdentityFlags(context.targetingKey, context.traits)).getFeatureValue(key),
        askAll: () => (context) => client.getIdentityFlags(context.targetingKey, context.traits),
        read: (value) => String(value),
        readAll: (flags: Flags, keys) => keys.map((key) => String(flags.getFeatureValue(key))),
        close: () => client.close(),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly shape: FlagShape;
  readonly index: number;
  readonly priority: number;
  readonly members: readonly string[];
}

/** A rule is a segment that overrides the flag. */
function segmentOf(id: number, rule: RuleShape, { shape, index, priority, members }: Place): object {
  const any = { type: 'ANY', rules: [], conditions: [conditionOf(rule, members)] };
  const override = { ...stateOf(shape.key, index, 'on'), feature_segment: { priority } };
  return {
    id,
    name: `segment-${id}`,
    rules: [{ type: 'ALL', rules: [any], conditions: [] }],
    feature_states: [override],
  };
}

function conditionOf({ attribute, operator, values }: RuleShape, members: readonly string[]): object {
  switch (operator) {
    case 'in':
      return { property_: attribute, operator: 'IN', value: values.join(',') };
    case 'endsWith':
      return { property_: attribute, operator: 'REGEX', value: `${String(values[0]).replaceAll('.', '\\.')}$` };
    case 'lessThan':
      return { property_: attribute, operator: 'LESS_THAN', value: String(values[0]) };
    case 'inSegment':
      return { property_: '$.identity.identifier', operator: 'IN', value: members.join(',') };
  }
}

/** The last part of a split is what everybody has whom no other part has. */
function stateOf(name: string, index: number, served: FlagShape['otherwise']): object {
  const parts = typeof served === 'string' ? [] : served.slice(0, -1);
  const value = typeof served === 'string' ? served : (served.at(-1)?.variation ?? 'off');
  return {
    feature: { id: index + 1, name, type: parts.length > 0 ? 'MULTIVARIATE' : 'STANDARD' },
    enabled: true,
    django_id: index + 1,
    feature_state_value: value,
    feature_segment: null,
    multivariate_feature_state_values: parts.map(({ variation, percent }, part) => ({
      id: part + 1,
      multivariate_feature_option: { id: part + 1, value: variation },
      percentage_allocation: percent,
    })),
  };
}
