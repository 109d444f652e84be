import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';

/**
 * Checks paths and queries against the schemas their decorators name. Bodies pass: services parse them, because only
 * they can report what is wrong in shape and in meaning at once.
 */
export class SchemaPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues) => {
        const problems = issues.map((issue): Problem => {
          const path = issue.path?.map((token) => (typeof token === 'object' ? String(token.key) : String(token)));
          return { pointer: pointer('', ...(path ?? [])), code: 'SHAPE', message: issue.message };
        });
        refuseWith(problems, 'query');
      },
    });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    return metadata.type === 'body' ? value : await super.transform(value, metadata);
  }
}
