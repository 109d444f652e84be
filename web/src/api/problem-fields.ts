import { graphql } from './graphql.js';

/** What every command asks of why it was refused. */
export const problemFields = graphql(`
  fragment ProblemFields on Problem {
    kind
    code
    message
    pointer
    data
  }
`);
