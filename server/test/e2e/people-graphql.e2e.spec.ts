import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, browserAt } from '../clients/browser.js';
import { type Ask, codesOf, graphqlOf } from './graphql-client.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const PASSWORD = 'correct horse battery';

let server: TestServer;
let asAdmin: Ask;
beforeAll(async () => {
  server = await startTestServer();
  asAdmin = graphqlOf(server.api);
  const environments = [
    { key: 'live', name: 'Live', production: true },
    { key: 'test', name: 'Test' },
  ];
  for (const key of ['shop', 'blog']) await server.api('POST', '/api/v1/projects', { key, name: key, environments });
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

const INVITE = `mutation Invite($input: InvitePersonInput!) {
  invitePerson(input: $input) { node { secret person { id email status roles { id role project environment } } } problems { code pointer } }
}`;
const ABILITIES = `query Can($project: String, $environment: String) {
  viewer { kind name email roles { role project environment } abilities(project: $project, environment: $environment) { action isAllowed reason } }
}`;

interface Invited {
  readonly invitePerson: {
    readonly node: {
      readonly secret: string;
      readonly person: { readonly id: string; readonly roles: readonly { readonly id: string }[] };
    } | null;
    readonly problems: readonly object[];
  };
}
interface Abilities {
  readonly viewer: {
    readonly abilities:
      readonly { readonly action: string; readonly isAllowed: boolean; readonly reason: string | null }[] | null;
  };
}

/** Somebody who was invited by GraphQL and has signed in. */
async function somebody(
  name: string,
  input: object = {},
): Promise<Browser & { readonly id: string; readonly ask: Ask }> {
  const { data } = await asAdmin<Invited>(INVITE, { input: { email: `${name}@shop.example`, name, ...input } });
  const { secret, person } = data.invitePerson.node ?? { secret: '', person: { id: '' } };
  const browser = browserAt(server.url);
  expect((await browser.api('POST', '/api/v1/session/invitation', { secret, password: PASSWORD })).status).toBe(201);
  return { ...browser, id: person.id, ask: graphqlOf(browser.api) };
}

const abilityOf = async (ask: Ask, action: string, place: object) => {
  const { data } = await ask<Abilities>(ABILITIES, place);
  return data.viewer.abilities?.find((each) => each.action === action);
};

describe('a viewer', () => {
  it('is told who they are and what they may do where, and why not', async () => {
    const { ask } = await somebody('ed', { role: 'editor', project: 'shop', environment: 'test' });
    const { data } = await ask<Abilities>(ABILITIES, { project: 'shop', environment: 'test' });
    expect(data.viewer).toMatchObject({
      kind: 'person',
      email: 'ed@shop.example',
      roles: [{ role: 'editor', project: 'shop', environment: 'test' }],
    });
    expect(await abilityOf(ask, 'flag.write', { project: 'shop', environment: 'test' })).toMatchObject({
      isAllowed: true,
      reason: null,
    });
    const approve = await abilityOf(ask, 'release.approve', { project: 'shop', environment: 'test' });
    expect(approve).toMatchObject({
      isAllowed: false,
      reason: expect.stringMatching(/the role approver or admin has/u),
    });
    expect(await abilityOf(ask, 'flag.write', { project: 'shop' })).toMatchObject({ isAllowed: false });
    expect(await abilityOf(ask, 'project.write', {})).toMatchObject({ isAllowed: false });
    expect(codesOf(await ask(ABILITIES, { project: 'blog' }))).toEqual(['PROJECT_NOT_FOUND']);
  });

  it('may be somebody without a role, and may be a token', async () => {
    const { ask } = await somebody('nora');
    const { data } = await ask<Abilities>(ABILITIES);
    expect(data.viewer.abilities?.every(({ isAllowed }) => !isAllowed)).toBe(true);
    expect(data.viewer.abilities?.[0]?.reason).toMatch(/^Nobody gave you a role yet/u);
    expect((await asAdmin<Abilities>(ABILITIES)).data.viewer).toMatchObject({
      kind: 'token',
      name: 'first admin',
      email: null,
      roles: [],
    });
    expect(await abilityOf(asAdmin, 'person.write', {})).toMatchObject({ isAllowed: true });
  });

  it('changes their password, and signs out everywhere', async () => {
    const { ask, api } = await somebody('paul');
    const change = (currentPassword: string) =>
      ask(
        `mutation Change($input: ChangePasswordInput!) { changePassword(input: $input) { node { name } problems { code } } }`,
        { input: { currentPassword, newPassword: 'another long password' } },
      );
    expect((await change('wrong')).data).toMatchObject({
      changePassword: { node: null, problems: [{ code: 'PASSWORD_WRONG' }] },
    });
    expect((await change(PASSWORD)).data).toMatchObject({ changePassword: { node: { name: 'paul' }, problems: [] } });
    const out = await ask(`mutation { signOutEverywhere { node { name } problems { code } } }`);
    expect(out.data).toMatchObject({ signOutEverywhere: { problems: [] } });
    expect((await api('GET', '/api/v1/session')).body.viewer).toBeNull();
    const token = await asAdmin(`mutation { signOutEverywhere { node { name } problems { code } } }`);
    expect(token.data).toMatchObject({ signOutEverywhere: { problems: [{ code: 'NOT_A_PERSON' }] } });
  });

  it('gets each field by the permission of that field', async () => {
    const { ask } = await somebody('vera', { role: 'viewer', project: 'shop' });
    const answer = await ask(`{ project(key: "shop") { key } tokens { edges { node { id } } } }`);
    expect(codesOf(answer)).toEqual(['PERMISSION_MISSING']);
    const own = await ask(`{ viewer { name } project(key: "shop") { key } }`);
    expect(own.data).toEqual({ viewer: { name: 'vera' }, project: { key: 'shop' } });
  });
});

describe('people', () => {
  it('are invited, given roles, and shut out', async () => {
    const { data } = await asAdmin<Invited>(INVITE, {
      input: { email: 'Gina@shop.example', name: 'Gina', role: 'approver', project: 'shop' },
    });
    expect(data.invitePerson.node).toMatchObject({
      secret: expect.stringMatching(/^slu_invite_/u),
      person: {
        email: 'gina@shop.example',
        status: 'invited',
        roles: [{ role: 'approver', project: 'shop', environment: null }],
      },
    });
    const id = data.invitePerson.node?.person.id;
    const taken = data.invitePerson.node?.person.roles[0]?.id;
    const person = `{ node { status roles { role project environment } } problems { code } }`;
    const granted = await asAdmin(`mutation G($input: GrantRoleInput!) { grantRole(input: $input) ${person} }`, {
      input: { person: 'gina@shop.example', role: 'viewer' },
    });
    expect(granted.data).toMatchObject({
      grantRole: { node: { roles: [{ role: 'approver' }, { role: 'viewer', project: null }] } },
    });
    const less = await asAdmin(`mutation T($input: TakeRoleInput!) { takeRole(input: $input) ${person} }`, {
      input: { person: id, role: taken },
    });
    expect(less.data).toMatchObject({ takeRole: { node: { roles: [{ role: 'viewer' }] } } });
    const disabled = await asAdmin(`mutation D($input: PersonInput!) { disablePerson(input: $input) ${person} }`, {
      input: { id },
    });
    expect(disabled.data).toMatchObject({ disablePerson: { node: { status: 'disabled' } } });
    const enabled = await asAdmin(`mutation E($input: PersonInput!) { enablePerson(input: $input) ${person} }`, {
      input: { id },
    });
    expect(enabled.data).toMatchObject({ enablePerson: { node: { status: 'invited' } } });
    const reset = await asAdmin(
      `mutation R($input: PersonInput!) { resetPassword(input: $input) { node { secret } problems { code } } }`,
      { input: { id } },
    );
    expect(reset.data).toMatchObject({ resetPassword: { node: { secret: expect.stringMatching(/^slu_invite_/u) } } });
    expect((await asAdmin(`query P($id: ID!) { person(id: $id) { name status } }`, { id })).data).toEqual({
      person: { name: 'Gina', status: 'invited' },
    });
  });

  it('are refused with all that is wrong', async () => {
    const { data } = await asAdmin<Invited>(INVITE, { input: { email: 'no address', name: ' ', environment: 'live' } });
    expect(data.invitePerson.problems).toMatchObject([
      { pointer: '/email' },
      { pointer: '/name' },
      { pointer: '/project' },
    ]);
    expect(codesOf(await asAdmin(`{ person(id: "nobody") { name } }`))).toEqual(['PERSON_NOT_FOUND']);
  });

  it('are listed in pages, and by project', async () => {
    const list = (args: string) =>
      asAdmin<{
        people: {
          edges: { node: { name: string }; cursor: string }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      }>(`{ people(${args}) { edges { node { name } cursor } pageInfo { hasNextPage endCursor } } }`);
    const first = await list('first: 1');
    expect(first.data.people.pageInfo.hasNextPage).toBe(true);
    const next = await list(`first: 1, after: "${first.data.people.pageInfo.endCursor}"`);
    expect(next.data.people.edges[0]?.node.name).not.toBe(first.data.people.edges[0]?.node.name);
    await somebody('blogger', { role: 'editor', project: 'blog' });
    const names = (await list('first: 50, project: "blog"')).data.people.edges.map(({ node }) => node.name);
    expect(names).toContain('blogger');
    expect(names).not.toContain('vera');
  });
});

it.each(['people', 'tokens'])('%s are not listed behind a foreign cursor', async (list) => {
  const answer = await asAdmin(`{ ${list}(first: 1, after: "YQ") { edges { cursor } } }`);
  expect(codesOf(answer)).toEqual(['CURSOR_UNKNOWN']);
});

describe('tokens', () => {
  it('are made, rotated and revoked; the secret is in that answer alone', async () => {
    const { ask } = await somebody('tom', { role: 'admin', project: 'shop' });
    const issued = `{ node { secret token { id kind project environment owner createdBy hint } } problems { code pointer } }`;
    interface Issued {
      readonly made: {
        readonly node: { readonly secret: string; readonly token: { readonly id: string; readonly createdBy: string } };
      };
    }
    const create = (input: object) =>
      ask<Issued>(`mutation C($input: CreateTokenInput!) { made: createToken(input: $input) ${issued} }`, { input });
    const made = await create({
      kind: 'server',
      name: 'checkout',
      project: 'shop',
      environment: 'live',
      owner: 'tom@shop.example',
    });
    expect(made.data.made).toMatchObject({
      node: { secret: expect.stringMatching(/^slu_server_/u), token: { project: 'shop', environment: 'live' } },
      problems: [],
    });
    expect((await create({ kind: 'admin', name: 'all' })).data.made).toMatchObject({
      problems: [{ code: 'SCOPE_TOO_NARROW' }],
    });
    expect((await create({ kind: 'ci', name: 'ci' })).data.made).toMatchObject({ problems: [{ pointer: '/project' }] });
    const { id, createdBy } = made.data.made.node.token;
    expect((await ask<Abilities & { viewer: { id: string } }>(`{ viewer { id } }`)).data.viewer.id).toBe(createdBy);
    const rotated = await ask<Issued>(
      `mutation R($input: RotateTokenInput!) { made: rotateToken(input: $input) ${issued} }`,
      { input: { id } },
    );
    expect(rotated.data.made.node.token.id).not.toBe(id);
    const revoked = await ask(
      `mutation R($input: RevokeTokenInput!) { revokeToken(input: $input) { node { id project revokedAt } } }`,
      { input: { id } },
    );
    expect(revoked.data).toMatchObject({
      revokeToken: { node: { id, project: 'shop', revokedAt: expect.any(String) } },
    });
    const listed = await ask<{ tokens: { edges: object[] } }>(
      `{ tokens(project: "shop") { edges { node { id name } } } }`,
    );
    expect(listed.data.tokens.edges).toHaveLength(2);
    expect(codesOf(await ask(`{ token(id: "nothing") { id } }`))).toEqual(['TOKEN_NOT_FOUND']);
  });
});
