import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';

const WHAT: Readonly<Partial<Record<ArgumentMetadata['type'], string>>> = { param: 'path', query: 'query' };

/**
 * Checks paths and queries against the schemas their decorators name. Bodies pass: services parse them, because only
 * they can report what is wrong in shape and in meaning at once.
 */
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, { type, data, schema }: ArgumentMetadata): Promise<unknown> {
    const what = WHAT[type];
    if (what === undefined || schema === undefined) return value;
    const result = await schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    const base = data === undefined ? '' : pointer('', data);
    const problems = result.issues.map(({ path = [], message }): Problem => {
      const tokens = path.map((token) => String(typeof token === 'object' ? token.key : token));
      return { pointer: pointer(base, ...tokens), code: 'SHAPE', message };
    });
    return refuseWith(problems, what, '');
  }
}
