import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './generated/graphql-env.js';

/** Any JSON value, as open documents of the API are. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Types a document by the server's schema: `graphql(\`query …\`)`. A wrong one fails `npm run check`. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; JSON: Json; ID: string };
  disableMasking: true;
}>();

export type { ResultOf } from 'gql.tada';
