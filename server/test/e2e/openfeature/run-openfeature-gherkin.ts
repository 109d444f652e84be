import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator, type Pickle, type PickleStep } from '@cucumber/messages';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenFeature } from '@openfeature/server-sdk';
import type { SnapshotFlag } from '@sluice/sdk/evaluation';
import { readFileSync } from 'node:fs';
import { type OpenFeatureTarget, Scenario } from './scenario.js';
import { type Row, STEPS } from './steps.js';
import { toSnapshotFlags } from './to-snapshot-flags.js';

export type { OpenFeatureTarget } from './scenario.js';

/** OpenFeature's suites (its deprecated evaluation.feature left out) and how many scenarios each must bring. */
const FEATURES = [
  { file: 'evaluation_v2.feature', scenarios: 82 },
  { file: 'hooks.feature', scenarios: 3 },
  { file: 'contextMerging.feature', scenarios: 29 },
  { file: 'metadata.feature', scenarios: 5 },
] as const;

/** Tags of scenarios that say nothing about Sluice, and why. */
const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  '@reason-codes-cached': 'evaluation is local and caches nothing, so no answer may claim CACHED',
};

const ignore = () => undefined;
const folder = new URL('./features/', import.meta.url);

/** The flags of OpenFeature's test-flags.json, translated: what a target must hold. */
export const OPENFEATURE_TEST_FLAGS: readonly SnapshotFlag[] = toSnapshotFlags(
  // The file is the specification's own; toSnapshotFlags throws on what it does not know.
  JSON.parse(readFileSync(new URL('test-flags.json', folder), 'utf8')) as Parameters<typeof toSnapshotFlags>[0],
);

/** Declares OpenFeature's gherkin suites as Jest tests against a server that holds OPENFEATURE_TEST_FLAGS. */
export function runOpenFeatureGherkin(options: { setUp(): Promise<OpenFeatureTarget> }): void {
  describe('OpenFeature gherkin', () => {
    let target: OpenFeatureTarget;
    let scenario: Scenario;
    beforeAll(async () => {
      // Scenarios fail on purpose; OpenFeature would print each of these failures.
      OpenFeature.setLogger({ error: ignore, warn: ignore, info: ignore, debug: ignore });
      target = await options.setUp();
    });
    afterEach(() => scenario?.tearDown());
    afterAll(() => target?.close());

    describe.each(FEATURES)('$file', ({ file, scenarios }) => {
      const pickles = load(file);
      it(`has its ${scenarios} scenarios`, () => expect(pickles.length).toBe(scenarios));

      pickles.forEach((pickle, index) => {
        const reason = pickle.tags.map((tag) => NOT_APPLICABLE[tag.name]).find((known) => known !== undefined);
        const title = `${index + 1}. ${pickle.name}`;
        if (reason !== undefined) {
          it.skip(`${title}: not applicable, ${reason}`, () => undefined);
          return;
        }
        it(title, async () => {
          scenario = new Scenario(target);
          for (const step of pickle.steps) await perform(step, scenario);
        });
      });
    });
  });
}

function load(file: string): readonly Pickle[] {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  return compile(parser.parse(readFileSync(new URL(file, folder), 'utf8')), file, newId);
}

async function perform(step: PickleStep, scenario: Scenario): Promise<void> {
  for (const [pattern, act] of STEPS) {
    const match = pattern.exec(step.text);
    if (!match) continue;
    const cells = (step.argument?.dataTable?.rows ?? []).map((row) => row.cells.map((cell) => cell.value));
    await act(scenario, { args: match.slice(1), cells, rows: toRows(cells) });
    return;
  }
  throw new Error(`no step is defined for: ${step.text}`);
}

function toRows([names, ...rest]: readonly (readonly string[])[]): readonly Row[] {
  return rest.map((cells) => Object.fromEntries((names ?? []).map((name, column) => [name, cells[column] ?? ''])));
}
