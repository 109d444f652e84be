import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { formatGraphqlErrors, sendGraphqlErrors } from '../../transport/graphql-error.filter.js';
import { MAX_TOKENS, refuseCostly, refuseLarge, refuseSource } from './document-limits.js';
import { type Admit, graphqlRouteOptions } from './graphql-request.js';

/** Documents that are kept read and validated, and as many that were refused: more than the pages have. */
const KEPT_DOCUMENTS = 100;

/**
 * GraphQL at /graphql, its schema made from the resolvers. Every resolved field asks the same guard as a route does. No
 * batches, no queries by GET, no playground; who was let in may ask for the schema.
 */
export function graphqlOptions(admit: Admit): Omit<MercuriusDriverConfig, 'driver'> {
  return {
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    fieldResolverEnhancers: ['guards'],
    graphiql: false,
    ide: false,
    allowBatchedQueries: false,
    subscription: false,
    cache: KEPT_DOCUMENTS,
    graphql: { parseOptions: { maxTokens: MAX_TOKENS } },
    hooks: { preParsing: refuseSource, preValidation: refuseLarge, preExecution: refuseCostly },
    additionalRouteOptions: graphqlRouteOptions(admit),
    errorHandler: sendGraphqlErrors,
    errorFormatter: (execution, { reply }) => formatGraphqlErrors(execution, reply),
  };
}
