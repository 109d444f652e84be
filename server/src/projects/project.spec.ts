import { describe, expect, it } from '@jest/globals';
import { createEnvironment, createProject, parseEnvironmentDraft, parseProjectDraft } from './project.js';

const now = new Date('2026-01-01T00:00:00.000Z');

describe('a project draft', () => {
  it('has a development and a production environment unless said', () => {
    expect(parseProjectDraft({ key: 'shop' }).environments).toEqual([
      { key: 'development', production: false },
      { key: 'production', production: true },
    ]);
    expect(parseProjectDraft({ key: 'shop', environments: [] }).environments).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['no key', {}, ['/key']],
    ['a key in capitals', { key: 'Shop' }, ['/key']],
    ['an empty name', { key: 'shop', name: '  ' }, ['/name']],
    ['a name of 201 characters', { key: 'shop', name: 'n'.repeat(201) }, ['/name']],
    ['an unknown field', { key: 'shop', id: 'x' }, ['/id']],
    ['an environment twice', { key: 'shop', environments: [{ key: 'a' }, { key: 'a' }] }, ['/environments']],
    [
      'too many environments',
      { key: 'shop', environments: Array.from({ length: 51 }, (_, i) => ({ key: `e${i}` })) },
      ['/environments'],
    ],
    ['problems everywhere', { name: 1, environments: [{ key: '!' }] }, ['/environments/0/key', '/key', '/name']],
  ])('is refused with %s', (_name, body, pointers) => {
    expect(pointersOf(() => parseProjectDraft(body))).toEqual(pointers);
  });
});

it('an environment draft is no production unless said', () => {
  expect(parseEnvironmentDraft({ key: 'staging' })).toEqual({ key: 'staging', production: false });
});

it('a new project is at version 1 and named for its key unless said', () => {
  const draft = parseProjectDraft({ key: 'shop' });
  expect(createProject(draft, 'id', now)).toEqual({ id: 'id', key: 'shop', name: 'shop', version: 1, createdAt: now });
  expect(createProject({ ...draft, name: 'The shop' }, 'id', now).name).toBe('The shop');
});

it('a new environment is at version 1 and revision 0', () => {
  expect(createEnvironment('p', { key: 'live', production: true }, 'id', now)).toEqual({
    id: 'id',
    projectId: 'p',
    key: 'live',
    name: 'live',
    production: true,
    revision: 0,
    version: 1,
    createdAt: now,
  });
});

function pointersOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { problems: { pointer: string }[] }).problems.map(({ pointer }) => pointer).sort();
  }
}
