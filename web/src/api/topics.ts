import type { graphql } from './graphql.js';

/** What the server tells changes of. */
export type Topic = ReturnType<typeof graphql.scalar<'ChangeTopic'>>;

declare module '@urql/core' {
  interface OperationContext {
    /** What a change must be of for the query to be asked again. */
    topics?: readonly Topic[];
  }
}
