import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, graphqlOf } from './graphql-client.js';
import type { PolicyPlan } from '../../src/policies/plan-policy.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const LONG = {
  steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }],
  metrics: [{ kind: 'failures', name: 'failures', count: 'units' }],
};

type Plan = Pick<PolicyPlan, 'totalMinutes' | 'metrics'>;

let server: TestServer;
let world: ReleasesWorld;
let ask: Ask;

beforeAll(async () => {
  server = await startTestServer();
  world = await ReleasesWorld.furnish(server);
  ask = graphqlOf(world.api);
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

/** What a query answers; throws where any of it is refused. */
async function shown<T>(query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await ask<T>(query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
const draft = (flag: string, policy: string) => ({
  ...{ project: 'shop', environment: 'production', policy },
  changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }],
});

describe('Policies', () => {
  it('are made, edited over the version they were read at, and tell their versions and who uses them', async () => {
    const make = `mutation($input: CreatePolicyInput!) { createPolicy(input: $input) {
      node { id key project version document } problems { code pointer } } }`;
    const edit = `mutation($input: EditPolicyInput!) { editPolicy(input: $input) {
      node { version name } problems { kind code } } }`;
    const document = { key: 'slow', name: 'Slow', document: LONG };
    expect(await shown(make, { input: { project: 'shop', document } })).toMatchObject({
      createPolicy: { node: { key: 'slow', project: 'shop', version: 1, document: LONG }, problems: [] },
    });
    expect(
      await shown(make, { input: { project: 'shop', document: { ...document, document: { steps: [] } } } }),
    ).toEqual({
      createPolicy: { node: null, problems: [{ code: expect.any(String), pointer: '/document/steps' }] },
    });
    const input = { project: 'shop', policy: 'slow', expectedVersion: 1, document: { name: 'Slower' } };
    expect(await shown(edit, { input })).toMatchObject({ editPolicy: { node: { version: 2, name: 'Slower' } } });
    const later = { ...input, document: { document: { ...LONG, alpha: 0.02 } } };
    expect(await shown(edit, { input: later })).toEqual({
      editPolicy: { node: null, problems: [{ kind: expect.any(String), code: 'VERSION_STALE' }] },
    });
    await shown(edit, { input: { ...later, expectedVersion: 2 } });
    const release = bodyOf<{ readonly id: string }>(await world.ask(draft(await world.flag(), 'slow')));
    expect(
      await shown(`{ project(key: "shop") { policyPresets { key } policies(first: 10) { edges { node { key version } } }
        policy(key: "slow") { version versions { version document } atVersion(version: 1) { version document }
          releases(first: 5) { edges { node { id policyVersion } } } } } }`),
    ).toMatchObject({
      project: {
        policyPresets: expect.arrayContaining([{ key: 'standard' }]),
        policies: { edges: [{ node: { key: 'slow', version: 3 } }] },
        policy: {
          version: 3,
          versions: [{ version: 3, document: { alpha: 0.02 } }, { version: 2 }, { version: 1, document: LONG }],
          atVersion: { version: 1, document: LONG },
          releases: { edges: [{ node: { id: release.id, policyVersion: 3 } }] },
        },
      },
    });
  });

  it('tell the time to 100 % and their power, as REST does', async () => {
    const policy = await world.policy(LONG);
    const traffic = { unitsPerMinute: 200, badRate: 0.02 };
    const path = `/api/v1/projects/shop/policies/${policy}/plan`;
    const rest = bodyOf<Plan>(await world.api('POST', path, { environment: 'production', ...traffic }));
    const plan = `query($policy: String!, $traffic: PlanTrafficInput) { project(key: "shop") {
      policyPlan(policy: $policy, environment: "production", traffic: $traffic) {
        node { policyKey minutesToFull totalMinutes metrics { metric ramp { ratio chance minutes } } } problems { code } } } }`;
    expect(await shown(plan, { policy, traffic })).toEqual({
      project: {
        policyPlan: {
          node: {
            policyKey: policy,
            minutesToFull: 60,
            totalMinutes: rest.totalMinutes,
            metrics: rest.metrics.map(({ metric, ramp }) => ({
              metric,
              ramp: ramp.map(({ ratio, chance, medianMinutes }) => ({ ratio, chance, minutes: medianMinutes })),
            })),
          },
          problems: [],
        },
      },
    });
    expect(await shown(plan, { policy })).toEqual({
      project: { policyPlan: { node: null, problems: [{ code: 'NO_HISTORY' }] } },
    });
  });
});

describe('A preview', () => {
  const PREVIEW = `query($document: JSON!, $traffic: PlanTrafficInput) { previewRelease(document: $document, traffic: $traffic) {
    problems { code pointer } diff { subject after } existingId policyKey approvalsToStart leastSecondsToFull yaml cliCommand
    curlCommand plan { minutesToFull steps { minutes } metrics { ramp { ratio chance } } } planProblems { code } } }`;
  const preview = async (document: unknown, traffic?: object): Promise<object> =>
    (await shown<{ readonly previewRelease: object }>(PREVIEW, { document, traffic })).previewRelease;

  it('tells the diff, the time to 100 %, the power and the same as texts, and stores nothing', async () => {
    const [flag, policy] = [await world.flag(), await world.policy(LONG)];
    const document = draft(flag, policy);
    expect(await preview(document, { unitsPerMinute: 100, badRate: 0.01 })).toMatchObject({
      problems: [],
      diff: [{ subject: `flag/${flag}`, after: { defaultServe: { variation: 'on' } } }],
      existingId: null,
      leastSecondsToFull: 3_600,
      plan: { minutesToFull: 60, steps: [{ minutes: 60 }, { minutes: 0 }] },
      yaml: expect.stringContaining(`policy: ${policy}\n`),
      cliCommand: expect.stringContaining(`--flag ${flag}=on`),
      curlCommand: expect.stringContaining('/api/v1/releases'),
    });
    expect(await preview(document)).toMatchObject({
      plan: null,
      planProblems: [{ code: 'NO_HISTORY' }],
      existingId: null,
    });
    const { id } = bodyOf<{ readonly id: string }>(await world.ask(document));
    expect(await preview(document)).toMatchObject({ existingId: id });
  });

  it('tells all problems at once', async () => {
    const unknown = draft('no-such-flag', 'no-such-policy');
    expect(await preview(unknown)).toMatchObject({
      problems: [
        { code: 'POLICY_NOT_FOUND', pointer: null },
        { code: 'FLAG_NOT_FOUND', pointer: '/changes/0' },
      ],
      plan: null,
    });
    expect(await preview({ project: 'shop', changes: [{ kind: 'flag', flag: 'x' }] })).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ pointer: '/environment' })]),
      yaml: null,
    });
  });
});
