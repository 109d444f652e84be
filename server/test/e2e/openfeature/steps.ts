import { expect } from '@jest/globals';
import type { EvaluationDetails, FlagValue } from '@openfeature/server-sdk';
import { type Level, parseValue, type Scenario } from './scenario.js';

export type Row = Readonly<Record<string, string>>;

interface StepInput {
  readonly args: readonly string[];
  /** The table without its first row, which names the cells. */
  readonly rows: readonly Row[];
  /** The table as it is. */
  readonly cells: readonly (readonly string[])[];
}

type Step = readonly [RegExp, (scenario: Scenario, input: StepInput) => void | Promise<void>];

const at = (args: readonly string[], index: number): string => args[index] ?? '';
// The feature files name no other level.
const levelAt = (args: readonly string[], index: number) => at(args, index) as Level;

/** Every step of the four features, as what it means for Sluice's provider. */
export const STEPS: readonly Step[] = [
  [/^a stable provider$/, (scenario) => scenario.useStableProvider()],
  [/^a not ready provider$/, (scenario) => scenario.useNotReadyProvider()],
  [/^a error provider$/, (scenario) => scenario.useErrorProvider()],
  [/^a fatal provider$/, (scenario) => scenario.useFatalProvider()],
  [/^a stale provider$/, (scenario) => scenario.useStaleProvider()],
  [/^a stable provider with retrievable context is registered$/, (scenario) => scenario.useRecordingProvider()],

  [
    /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/,
    (scenario, { args }) => {
      scenario.flag = { type: at(args, 0), key: at(args, 1), fallback: at(args, 2) };
    },
  ],
  [
    /^a context containing a key "(.*)", with type "(.*)" and with value "(.*)"$/,
    (scenario, { args }) => {
      scenario.contexts.Invocation[at(args, 0)] = parseValue(at(args, 1), at(args, 2));
    },
  ],
  [
    /^a context containing a key "(.*)" with null value$/,
    (scenario, { args }) => {
      scenario.contexts.Invocation[at(args, 0)] = null;
    },
  ],
  [
    /^an evaluation context with modifiable data$/,
    (scenario) => {
      Object.assign(scenario.contexts.Invocation, { targetingKey: 'user', roles: ['admin'], address: { city: 'Ulm' } });
    },
  ],
  [
    /^evaluation options containing specific hooks$/,
    (scenario) => {
      scenario.options = { hooks: [scenario.hookNamed('first'), scenario.hookNamed('second')] };
    },
  ],
  [/^a client with added hook$/, (scenario) => void scenario.client.addHooks(scenario.hookNamed('client'))],

  [/^the flag was evaluated with details$/, (scenario) => scenario.evaluate()],
  [/^the flag was evaluated with details asynchronously$/, (scenario) => scenario.evaluate()],
  [/^the flag was evaluated with details using the evaluation options$/, (scenario) => scenario.evaluate()],
  [/^Some flag was evaluated$/, (scenario) => scenario.evaluate()],

  [
    /^the resolved details value should be "(.*)"$/,
    (scenario, { args }) => expect(scenario.details?.value).toEqual(parseValue(scenario.flag?.type ?? '', at(args, 0))),
  ],
  [/^the reason should be "(.*)"$/, (scenario, { args }) => expect(scenario.details?.reason).toBe(at(args, 0))],
  [/^the error-code should be "(.*)"$/, (scenario, { args }) => expect(scenario.details?.errorCode).toBe(at(args, 0))],
  [/^the flag key should be "(.*)"$/, (scenario, { args }) => expect(scenario.details?.flagKey).toBe(at(args, 0))],
  [/^the variant should be "(.*)"$/, (scenario, { args }) => expect(scenario.details?.variant).toBe(at(args, 0))],
  [
    /^the provider status should be "(.*)"$/,
    (scenario, { args }) => expect(scenario.client.providerStatus).toBe(at(args, 0)),
  ],
  [
    /^the resolved metadata should contain$/,
    (scenario, { rows }) => {
      for (const row of rows) {
        const { key = '', metadata_type: type = '', value = '' } = row;
        expect(scenario.details?.flagMetadata[key]).toBe(parseValue(type, value));
      }
    },
  ],
  [/^the resolved metadata is empty$/, (scenario) => expect(scenario.details?.flagMetadata).toEqual({})],

  [
    /^the specified hooks should execute during evaluation$/,
    (scenario) => expect(new Set(scenario.hookCalls.map((call) => call.hook))).toEqual(new Set(['first', 'second'])),
  ],
  [
    /^the hook order should be maintained$/,
    (scenario) =>
      // Requirement 4.4.2: before in order, after and finally in reverse.
      expect(scenario.hookCalls.map((call) => `${call.stage} ${call.hook}`)).toEqual([
        'before first',
        'before second',
        'after second',
        'after first',
        'finally second',
        'finally first',
      ]),
  ],
  [
    /^the original evaluation context should remain unmodified$/,
    (scenario) => expect(scenario.contexts.Invocation).toEqual(scenario.contextBefore),
  ],
  [
    /^the evaluation details should be immutable$/,
    // Requirement 1.4.15.1 asks it of the metadata; OpenFeature's JavaScript SDK builds the rest, and leaves it open.
    (scenario) => expect(Object.isFrozen(scenario.details?.flagMetadata)).toBe(true),
  ],
  [
    /^the evaluation should complete without blocking$/,
    (scenario) => expect(scenario).toMatchObject({ returnedBeforeDone: true, details: expect.anything() }),
  ],

  [
    /^the "(.*)" hook should have been executed$/,
    (scenario, { args }) => expect(scenario.hookCalls.map((call) => call.stage)).toContain(at(args, 0)),
  ],
  [
    /^the "(.*)" hooks should be called with evaluation details$/,
    (scenario, { args, rows }) => {
      for (const stage of at(args, 0).split(', ')) {
        const call = scenario.hookCalls.find((candidate) => candidate.stage === stage);
        for (const row of rows) {
          const { data_type: type = '', key = '', value = '' } = row;
          expect(fieldOf(call?.details, key)).toEqual(parseValue(type, value));
        }
      }
    },
  ],

  [
    /^A context entry with key "(.*)" and value "(.*)" is added to the "(.*)" level$/,
    (scenario, { args }) => {
      scenario.contexts[levelAt(args, 2)][at(args, 0)] = at(args, 1);
    },
  ],
  [
    /^A table with levels of increasing precedence$/,
    (scenario, { cells }) => {
      scenario.levels = cells.map((row) => levelAt(row, 0));
    },
  ],
  [
    // Each level gets its own name as the value, else nobody could see which of them won.
    /^Context entries for each level from API level down to the "(.*)" level, with key "(.*)" and value ".*"$/,
    (scenario, { args }) => {
      const last = scenario.levels.indexOf(levelAt(args, 0));
      expect(last).toBeGreaterThanOrEqual(0);
      for (const level of scenario.levels.slice(0, last + 1)) scenario.contexts[level][at(args, 1)] = level;
    },
  ],
  [
    /^The merged context contains an entry with key "(.*)" and value "(.*)"$/,
    (scenario, { args }) => expect(scenario.mergedContext?.[at(args, 0)]).toBe(at(args, 1)),
  ],
];

function fieldOf(details: EvaluationDetails<FlagValue> | undefined, key: string): unknown {
  switch (key) {
    case 'flag_key':
      return details?.flagKey;
    case 'value':
      return details?.value;
    case 'variant':
      return details?.variant ?? null;
    case 'reason':
      return details?.reason;
    case 'error_code':
      return details?.errorCode ?? null;
    default:
      throw new Error(`evaluation details have no field ${key}`);
  }
}
