import { graphql } from '../api/graphql.js';

export const approveRelease = graphql(`
  mutation ApproveRelease($input: ApproveReleaseInput!) {
    approveRelease(input: $input) {
      node {
        id
        version
      }
      problems {
        kind
        code
        message
        pointer
        data
      }
    }
  }
`);

export const startRelease = graphql(`
  mutation StartRelease($input: StartReleaseInput!) {
    startRelease(input: $input) {
      node {
        id
        version
      }
      problems {
        kind
        code
        message
        pointer
        data
      }
    }
  }
`);

export const pauseRelease = graphql(`
  mutation PauseRelease($input: PauseReleaseInput!) {
    pauseRelease(input: $input) {
      node {
        id
        version
      }
      problems {
        kind
        code
        message
        pointer
        data
      }
    }
  }
`);

export const resumeRelease = graphql(`
  mutation ResumeRelease($input: ResumeReleaseInput!) {
    resumeRelease(input: $input) {
      node {
        id
        version
      }
      problems {
        kind
        code
        message
        pointer
        data
      }
    }
  }
`);

export const promoteRelease = graphql(`
  mutation PromoteRelease($input: PromoteReleaseInput!) {
    promoteRelease(input: $input) {
      node {
        id
        version
      }
      problems {
        kind
        code
        message
        pointer
        data
      }
    }
  }
`);

export const abortRelease = graphql(`
  mutation AbortRelease($input: AbortReleaseInput!) {
    abortRelease(input: $input) {
      node {
        id
        version
      }
      problems {
        kind
        code
        message
        pointer
        data
      }
    }
  }
`);

export const rollBackRelease = graphql(`
  mutation RollBackRelease($input: RollBackReleaseInput!) {
    rollBackRelease(input: $input) {
      node {
        id
        version
      }
      problems {
        kind
        code
        message
        pointer
        data
      }
    }
  }
`);
