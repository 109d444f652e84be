import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, codesOf, graphqlOf } from './graphql-client.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
/** Two steps that hold for so long that nothing moves by itself, under two people's eyes. */
const WATCHED = {
  steps: [
    { share: 10_000, holdSeconds: 3_600, gates: [{ kind: 'approval' }] },
    { share: 100_000, holdSeconds: 60 },
  ],
  metrics: [{ kind: 'failures', name: 'failures', count: 'units' }],
  approvalsToStart: 1,
};
const LONG = { ...WATCHED, approvalsToStart: 0, steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] };

const STANDING = `id status sentence attempt version approvalsToStart approvals { actorName comment } contentHash
  reason { code sentence } abilities { action isAllowed reason } verdictPath stepSince
  rollout { stepIndex share phase paused { by reason } }`;

interface Standing {
  readonly id: string;
  readonly status: string;
  readonly sentence: string;
  readonly reason: { readonly code: string; readonly sentence: string };
  readonly abilities: readonly {
    readonly action: string;
    readonly isAllowed: boolean;
    readonly reason: string | null;
  }[];
  readonly rollout: { readonly share: number; readonly phase: string } | null;
}
interface Payload<T> {
  readonly node: T | null;
  readonly problems: readonly { readonly kind: string; readonly code: string; readonly pointer: string | null }[];
}

let server: TestServer;
let world: ReleasesWorld;
let ask: Ask;
let review: Ask;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  world = await ReleasesWorld.furnish(server);
  ask = graphqlOf(world.api);
  review = graphqlOf(world.reviewer);
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

async function mutate(name: string, input: object, as: Ask = ask): Promise<Payload<Standing>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const mutation = `mutation($input: ${type}!) { ${name}(input: $input) { node { ${STANDING} }
    problems { kind code message pointer } } }`;
  const { data, errors } = await as<Record<string, Payload<Standing>>>(mutation, { input });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  // The mutation answers under its own name.
  return data[name] as Payload<Standing>;
}
async function done(name: string, input: object, as: Ask = ask): Promise<Standing> {
  const { node, problems } = await mutate(name, input, as);
  if (node === null) throw new Error(JSON.stringify(problems));
  return node;
}
/** What a query answers; throws where any of it is refused. */
async function shown<T>(query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await ask<T>(query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
const shownRelease = async <T>(id: string, fields: string): Promise<T> =>
  (await shown<{ readonly release: T }>(`query($id: ID!) { release(id: $id) { ${fields} } }`, { id })).release;

const draft = (flag: string, policy: string, more: object = {}) => ({
  ...{ project: 'shop', environment: 'production', policy },
  changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }],
  ...more,
});
const allowed = ({ abilities }: Standing) => abilities.flatMap(({ action, isAllowed }) => (isAllowed ? [action] : []));
const refusal = ({ problems }: Payload<unknown>) => problems.map(({ kind, code }) => `${kind} ${code}`);

describe('A release', () => {
  it('is made, approved, started, paused, resumed, refused a promotion and rolled back', async () => {
    const document = draft(await world.flag(), await world.policy(WATCHED), { name: 'New cart' });
    const made = await done('createRelease', { document });
    expect(made).toMatchObject({
      status: 'draft',
      sentence: 'Draft: waits for approval, 0 of 1 given.',
      approvalsToStart: 1,
      verdictPath: null,
      rollout: null,
    });
    expect(allowed(made)).toEqual(['approve', 'abort']);
    const { id } = made;
    // Asking again finds it.
    expect((await done('createRelease', { document })).id).toBe(id);

    expect(refusal(await mutate('startRelease', { id }))).toEqual(['precondition APPROVAL_MISSING']);
    expect(refusal(await mutate('approveRelease', { id }))).toEqual(['forbidden OWN_RELEASE']);
    const approved = await done('approveRelease', { id, comment: 'Seen.' }, review);
    expect(approved).toMatchObject({ approvals: [{ actorName: 'admin', comment: 'Seen.' }] });
    expect(allowed(approved)).toEqual(['start', 'abort']);

    expect(await done('startRelease', { id })).toMatchObject({
      status: 'running',
      attempt: 1,
      rollout: { share: 10_000 },
    });
    expect(refusal(await mutate('resumeRelease', { id }))).toEqual(['precondition NOT_PAUSED']);
    expect(refusal(await mutate('pauseRelease', { id, reason: '' }))).toEqual(['invalid SHAPE']);
    const paused = await done('pauseRelease', { id, reason: 'Lunch' });
    expect(paused).toMatchObject({ status: 'holding', rollout: { paused: { by: 'admin', reason: 'Lunch' } } });
    expect(paused.sentence).toMatch(/^10 % since \d+ s, holding: paused by admin: Lunch\.$/u);
    expect(allowed(paused)).toEqual(['approve', 'resume', 'abort', 'rollBack']);
    expect(paused.abilities.find(({ action }) => action === 'promote')?.reason).toMatch(
      /^Step 1 has 0 of the 1 approvals/u,
    );

    expect((await done('resumeRelease', { id })).status).toBe('running');
    expect(refusal(await mutate('promoteRelease', { id, to: 'last', reason: 'Urgent' }))).toEqual([
      'precondition APPROVAL_MISSING',
    ]);
    await done('approveRelease', { id, comment: 'Go on.' }, review);
    const promoted = await done('promoteRelease', { id, reason: 'Urgent' });
    expect(promoted.reason).toEqual({
      code: 'PROMOTED_BY_HAND',
      sentence: 'Sent to step 2 by admin, without waiting for evidence: Urgent.',
    });

    const back = await done('rollBackRelease', { id, reason: 'Baskets are empty' });
    expect(back.status).toBe('rolledBack');
    expect(back.sentence).toMatch(/^Rolled back \d+ s ago: rolled back by admin: Baskets are empty\.$/u);
    expect(allowed(back)).toEqual(['start']);
    expect(refusal(await mutate('pauseRelease', { id, reason: 'Late' }))).toEqual(['precondition RELEASE_STATUS']);
    expect(await shownRelease(id, 'attempts { attempt status stepIndex share reason { code } }')).toMatchObject({
      attempts: [
        { attempt: 1, status: 'rolledBack', stepIndex: 1, share: 100_000, reason: { code: 'ROLLED_BACK_BY_HAND' } },
      ],
    });
    const { timeline } = await shownRelease<{ readonly timeline: readonly object[] }>(
      id,
      'timeline { index share state plannedAt enteredAt leftAt expectedAt gates { kind isOpen sentence } }',
    );
    expect(timeline).toEqual([
      expect.objectContaining({
        index: 0,
        state: 'done',
        gates: [{ kind: 'approval', isOpen: true, sentence: 'Asks for 1 approval.' }],
      }),
      expect.objectContaining({
        index: 1,
        state: 'current',
        share: 100_000,
        expectedAt: null,
        leftAt: expect.any(String),
      }),
    ]);
  });

  it('shows its reach, its metrics, its evidence over time and what it changes', async () => {
    const flag = await world.flag();
    const { id } = await done('createRelease', { document: draft(flag, await world.policy(LONG), { start: true }) });
    const subject = `flag/${flag}`;
    const arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 2 } };
    await world.report(await world.read(id), subject, arms);
    const isSeen = (each: {
      readonly rollout: { readonly metrics: readonly { readonly evidence?: number }[] } | null;
    }) => each.rollout?.metrics[0]?.evidence !== undefined && each.rollout.metrics[0].evidence !== 0;
    await world.until(id, (release) => isSeen(release) && release.rollout?.phase === 'watching');
    const { metrics, evidence, reach, diff, sentence } = await shownRelease<{
      readonly metrics: readonly { readonly evidence: number; readonly limit: number }[];
      readonly evidence: readonly {
        readonly metric: string;
        readonly points: readonly { readonly evidence: number }[];
      }[];
      readonly reach: object;
      readonly diff: readonly { readonly subject: string }[];
      readonly sentence: string;
    }>(
      id,
      `sentence metrics { metric subject state evidence limit stable { units bad } candidate { units bad }
        difference { kind stable candidate absolute relative interval { low high } } }
      evidence(points: 10) { metric subject points { tick at share state evidence limit } }
      reach { instances current laggards { name } propagationMs { p50 p99 } } diff { subject kind before after }`,
    );
    expect(sentence).toMatch(/^10 % since \d+ s, watching: failures \+100 % on flag-\d+, evidence /u);
    expect(metrics[0]).toMatchObject({
      ...{ metric: 'failures', subject, stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 2 } },
      difference: { kind: 'rate', stable: 0.01, candidate: 0.02, absolute: 0.01, relative: 1 },
    });
    const points = evidence.find(({ metric }) => metric === 'failures')?.points ?? [];
    // What the engine judged is what is drawn.
    expect(points.at(-1)?.evidence).toBeCloseTo(metrics[0]?.evidence ?? Number.NaN, 9);
    expect(reach).toMatchObject({ instances: 1, current: 1, laggards: [] });
    expect(diff).toMatchObject([
      { subject, before: { on: false }, after: { on: true, defaultServe: { variation: 'on' } } },
    ]);
    await done('abortRelease', { id, reason: 'Seen enough' });
  });

  it('is not shown where nobody may see it', async () => {
    const answer = await ask(`{ release(id: "00000000-0000-7000-8000-000000000000") { id } }`);
    expect(codesOf(answer)).toEqual(['RELEASE_NOT_FOUND']);
    const token = await world.api('POST', '/api/v1/tokens', {
      kind: 'server',
      name: 'sdk',
      project: 'shop',
      environment: 'production',
    });
    const refused = await graphqlOf(server.as(bodyOf<{ readonly secret: string }>(token).secret))(
      '{ releases(project: "shop") { edges { node { id } } } }',
    );
    expect(codesOf(refused)).toEqual(['PERMISSION_MISSING']);
  });
});

describe('Releases', () => {
  it('are listed by what they change and how they stand, page by page', async () => {
    const policy = await world.policy(LONG);
    const flags = [await world.flag(), await world.flag(), await world.flag()];
    const ids: string[] = [];
    for (const flag of flags) ids.push((await done('createRelease', { document: draft(flag, policy) })).id);
    const query = `query($policy: String, $flag: String, $search: String, $status: [ReleaseStatus!], $after: String) {
      releases(project: "shop", policy: $policy, flag: $flag, search: $search, status: $status, first: 2, after: $after) {
        edges { node { id } } pageInfo { hasNextPage endCursor } } }`;
    const listed = async (
      variables: object,
    ): Promise<{ readonly ids: readonly string[]; readonly endCursor: string }> => {
      const { releases } = await shown<{
        readonly releases: {
          readonly edges: readonly { readonly node: { readonly id: string } }[];
          readonly pageInfo: { readonly endCursor: string };
        };
      }>(query, variables);
      return { ids: releases.edges.map(({ node }) => node.id), endCursor: releases.pageInfo.endCursor };
    };
    const first = await listed({ policy });
    expect(first.ids).toEqual([ids[2], ids[1]]);
    expect((await listed({ policy, after: first.endCursor })).ids).toEqual([ids[0]]);
    expect((await listed({ flag: flags[1] })).ids).toEqual([ids[1]]);
    expect((await listed({ search: flags[0]?.toUpperCase(), policy })).ids).toEqual([ids[0]]);
    expect((await listed({ policy, status: ['queued', 'running'] })).ids).toEqual([]);
    const { items } = bodyOf<{ readonly items: readonly { readonly id: string }[] }>(
      await world.api('GET', `/api/v1/releases?project=shop&policy=${policy}&status=draft&status=running`),
    );
    expect(items.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]]);
  });
});

it.each([
  ['of a project', 'releases(project: "shop", after: "YQ") { edges { cursor } }'],
  [
    'of a policy',
    'project(key: "shop") { policies(first: 1) { edges { node { releases(after: "YQ") { edges { cursor } } } } } }',
  ],
])('Releases %s are not listed behind a foreign cursor', async (_name, query) => {
  await world.policy(LONG);
  expect(codesOf(await ask(`{ ${query} }`))).toEqual(['CURSOR_UNKNOWN']);
});

it.each([
  ['behind a foreign cursor', '/releases?project=shop&after=YQ', 'CURSOR_UNKNOWN'],
  ['with an attempt beyond all counting', '/releases/none/verdict?attempt=2147483648', 'VALIDATION_FAILED'],
])('Releases are refused by REST too %s', async (_name, path, code) => {
  expect(await world.api('GET', `/api/v1${path}`)).toMatchObject({ status: 400, body: { code } });
});

describe('The overview', () => {
  it('names first what holds, and shows what is under way', async () => {
    const waiting = await done('createRelease', { document: draft(await world.flag(), await world.policy(WATCHED)) });
    const { id } = await done('createRelease', {
      document: draft(await world.flag(), await world.policy(LONG), { start: true }),
    });
    await done('pauseRelease', { id, reason: 'A look at the logs' });
    const { overview } = await shown<{
      readonly overview: {
        readonly attention: readonly { readonly kind: string; readonly targetId: string }[];
        readonly inFlight: readonly { readonly id: string }[];
      };
    }>(`{ overview { attention { kind title sentence since project environment target targetId }
      inFlight { id sentence } lastVerdicts { state at release { id } } guardrails { broken holding } } }`);
    const kindOf = (target: string) => overview.attention.find(({ targetId }) => targetId === target)?.kind;
    expect([kindOf(id), kindOf(waiting.id)]).toEqual(['held', 'awaitingApproval']);
    const place = (target: string) => overview.attention.findIndex(({ targetId }) => targetId === target);
    expect(place(id)).toBeLessThan(place(waiting.id));
    expect(overview.inFlight.map((release) => release.id)).toContain(id);
    // A release says so itself, and what those who asked for it are called.
    const { releases } = await shown<{
      readonly releases: { readonly edges: readonly { readonly node: { readonly id: string } }[] };
    }>('{ releases(project: "shop", first: 2) { edges { node { id attention createdByName } } } }');
    expect(releases.edges.map(({ node }) => node)).toEqual([
      { id, attention: 'held', createdByName: 'admin' },
      { id: waiting.id, attention: 'awaitingApproval', createdByName: 'admin' },
    ]);
    await done('abortRelease', { id, reason: 'Seen enough' });
  });
});
