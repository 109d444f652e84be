import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { SchemaPipe } from './schema-pipe.js';

const pipe = new SchemaPipe();
const query = z.object({ limit: z.coerce.number() });

it('answers what a schema makes of paths and queries', async () => {
  expect(await pipe.transform({ limit: '5' }, { type: 'query', schema: query })).toEqual({ limit: 5 });
  expect(await pipe.transform('5', { type: 'param', data: 'version', schema: z.coerce.number() })).toBe(5);
});

it('lets bodies pass, and what has no schema', async () => {
  expect(await pipe.transform({ limit: 'x' }, { type: 'body', schema: query })).toEqual({ limit: 'x' });
  expect(await pipe.transform('x', { type: 'param', data: 'flag' })).toBe('x');
});

it('names what is wrong, and says nothing of storing, for most are reads', async () => {
  await expect(pipe.transform({ limit: 'x' }, { type: 'query', schema: query })).rejects.toMatchObject({
    message: 'One problem with the query. Mend what "errors" names.',
    problems: [{ pointer: '/limit', code: 'SHAPE' }],
  });
  await expect(
    pipe.transform('x', { type: 'param', data: 'version', schema: z.coerce.number() }),
  ).rejects.toMatchObject({
    message: 'One problem with the path. Mend what "errors" names.',
    problems: [{ pointer: '/version', code: 'SHAPE' }],
  });
});
