import { graphql } from '../api/graphql.js';
import { problemFields } from '../api/problem-fields.js';

/** What every act upon a release answers. */
const movedFields = graphql(
  `
    fragment MovedFields on ReleasePayload {
      node {
        id
        version
      }
      problems {
        ...ProblemFields
      }
    }
  `,
  [problemFields],
);

export const approveRelease = graphql(
  `
    mutation ApproveRelease($input: ApproveReleaseInput!) {
      approveRelease(input: $input) {
        ...MovedFields
      }
    }
  `,
  [movedFields],
);

export const startRelease = graphql(
  `
    mutation StartRelease($input: StartReleaseInput!) {
      startRelease(input: $input) {
        ...MovedFields
      }
    }
  `,
  [movedFields],
);

export const pauseRelease = graphql(
  `
    mutation PauseRelease($input: PauseReleaseInput!) {
      pauseRelease(input: $input) {
        ...MovedFields
      }
    }
  `,
  [movedFields],
);

export const resumeRelease = graphql(
  `
    mutation ResumeRelease($input: ResumeReleaseInput!) {
      resumeRelease(input: $input) {
        ...MovedFields
      }
    }
  `,
  [movedFields],
);

export const promoteRelease = graphql(
  `
    mutation PromoteRelease($input: PromoteReleaseInput!) {
      promoteRelease(input: $input) {
        ...MovedFields
      }
    }
  `,
  [movedFields],
);

export const abortRelease = graphql(
  `
    mutation AbortRelease($input: AbortReleaseInput!) {
      abortRelease(input: $input) {
        ...MovedFields
      }
    }
  `,
  [movedFields],
);

export const rollBackRelease = graphql(
  `
    mutation RollBackRelease($input: RollBackReleaseInput!) {
      rollBackRelease(input: $input) {
        ...MovedFields
      }
    }
  `,
  [movedFields],
);
