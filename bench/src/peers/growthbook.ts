import { type FeatureApiResponse, GrowthBookClient } from '@growthbook/growthbook';
import { GrowthbookProvider } from '@openfeature/growthbook-provider';
import type { SnapshotFlag } from '@sluice/sdk/evaluation';
import { type RuleShape, shapeOf } from './shape.js';
import { type Peer, subject } from './subject.js';
import { throughOpenFeature } from './through-open-feature.js';

/** GrowthBook's client for servers, from a payload. It has no call for all flags: they are asked for one by one. */
export const growthbook: Peer = {
  write: (snapshot) =>
    JSON.stringify({
      features: Object.fromEntries(snapshot.flags.map((flag) => [flag.key, featureOf(flag)])),
      savedGroups: Object.fromEntries(snapshot.segments.map(({ key, included }) => [key, included])),
    }),
  start: (text) => {
    const payload = JSON.parse(text) as FeatureApiResponse; // safe: `write` wrote it
    const client = new GrowthBookClient().initSync({ payload });
    return subject({
      toContext: ({ targetingKey, ...attributes }) => ({ attributes: { id: targetingKey, ...attributes } }),
      ask: (key) => (context) => client.getFeatureValue(key, 'fallback', context),
      askAll: (keys) => (context) => {
        const answers = new Array<string>(keys.length);
        for (let i = 0; i < keys.length; i += 1) {
          answers[i] = client.getFeatureValue(keys[i] ?? '', 'fallback', context);
        }
        return answers;
      },
      read: (variation) => variation,
      readAll: (answers) => answers,
      close: () => client.destroy(),
    });
  },
};

/** The same by its OpenFeature provider, which gives the context as it is to its client. */
export const growthbookByOpenFeature: Peer = {
  write: growthbook.write,
  start: (text) => {
    const payload = JSON.parse(text) as FeatureApiResponse; // safe: `write` wrote it
    const provider = new GrowthbookProvider({}, { payload });
    return throughOpenFeature(
      provider,
      () => provider.onClose(),
      (person) => ({ id: person.targetingKey, ...person }),
    );
  },
};

function featureOf(flag: SnapshotFlag): object {
  const { key, rules, otherwise } = shapeOf(flag);
  const forced = rules.map((rule) => ({ condition: conditionOf(rule), force: 'on' }));
  if (typeof otherwise === 'string') return { defaultValue: otherwise, rules: forced };
  if (otherwise.length === 2) {
    const coverage = (otherwise[0]?.percent ?? 0) / 100;
    const rollout = { force: 'on', coverage, hashAttribute: 'id', hashVersion: 2, seed: key };
    return { defaultValue: 'off', rules: [...forced, rollout] };
  }
  const experiment = {
    ...{ key, seed: key, hashAttribute: 'id', hashVersion: 2, coverage: 1 },
    variations: otherwise.map(({ variation }) => variation),
    weights: otherwise.map(({ percent }) => percent / 100),
  };
  return { defaultValue: 'off', rules: [...forced, experiment] };
}

function conditionOf({ attribute, operator, values }: RuleShape): object {
  switch (operator) {
    case 'in':
      return { [attribute]: { $in: values } };
    case 'endsWith':
      return { [attribute]: { $regex: `${String(values[0]).replaceAll('.', '\\.')}$` } };
    case 'lessThan':
      return { [attribute]: { $lt: values[0] } };
    case 'inSegment':
      return { id: { $inGroup: values[0] } };
  }
}
