import { FlagdCore } from '@openfeature/flagd-core';
import { FlagdProvider } from '@openfeature/flagd-provider';
import type { SnapshotFlag } from '@sluice/sdk/evaluation';
import { writeFlagsFile } from './flags-file.js';
import { type RuleShape, shapeOf } from './shape.js';
import { type Peer, subject } from './subject.js';
import { throughOpenFeature } from './through-open-feature.js';

const silent = { error: console.error, warn: console.error, info: () => undefined, debug: () => undefined };

/** flagd's evaluator, as its in-process provider has it. */
export const flagd: Peer = {
  write: (snapshot) =>
    JSON.stringify({
      flags: Object.fromEntries(snapshot.flags.map((flag) => [flag.key, flagOf(flag)])),
      $evaluators: Object.fromEntries(
        snapshot.segments.map(({ key, included }) => [key, { in: [{ var: 'targetingKey' }, included] }]),
      ),
    }),
  start: (text) => {
    const core = new FlagdCore(undefined, silent);
    core.setConfigurations(text);
    return subject({
      toContext: (person) => ({ ...person }),
      ask: (key) => (context) => core.resolveStringEvaluation(key, 'fallback', context, silent),
      askAll: () => (context) => core.resolveAll(context, silent),
      read: ({ variant }) => variant,
      readAll: (answers, keys) => {
        const variants = new Map(answers.map(({ flagKey, variant }) => [flagKey, variant]));
        return keys.map((key) => variants.get(key));
      },
    });
  },
};

/** The same by its OpenFeature provider in process, from a file. */
export const flagdByOpenFeature: Peer = {
  write: flagd.write,
  start: (text) => {
    const file = writeFlagsFile(text);
    const provider = new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: file.path }, silent);
    return throughOpenFeature(provider, async () => {
      await provider.onClose();
      file.remove();
    });
  },
};

function flagOf(flag: SnapshotFlag): object {
  const { rules, otherwise } = shapeOf(flag);
  const last =
    typeof otherwise === 'string'
      ? otherwise
      : { fractional: otherwise.map(({ variation, percent }) => [variation, percent]) };
  const variants = { on: 'on', off: 'off', third: 'third' };
  const fallback = typeof otherwise === 'string' ? otherwise : 'off';
  const targeting = rules.length > 0 ? { if: [...rules.flatMap((rule) => [conditionOf(rule), 'on']), last] } : last;
  const isPlain = typeof targeting === 'string';
  return { state: 'ENABLED', variants, defaultVariant: fallback, ...(isPlain ? {} : { targeting }) };
}

function conditionOf({ attribute, operator, values }: RuleShape): object {
  switch (operator) {
    case 'in':
      return { in: [{ var: attribute }, values] };
    case 'endsWith':
      return { ends_with: [{ var: attribute }, values[0]] };
    case 'lessThan':
      return { '<': [{ var: attribute }, values[0]] };
    case 'inSegment':
      return { $ref: values[0] };
  }
}
