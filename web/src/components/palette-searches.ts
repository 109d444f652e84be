import { client } from '../api/client.js';
import { graphql } from '../api/graphql.js';
import { navigation } from '../text/shell.js';
import { type InProject, pb } from '../util/path-builder.js';

/** Something that was found by its name. */
export interface Found {
  readonly label: string;
  /** What it is. */
  readonly kind: string;
  readonly to: string;
}

/** Finds things of one kind in a project whose name or key has the text. What cannot be asked finds nothing. */
type Find = (at: InProject, text: string) => Promise<readonly Found[]>;

const parallelRuns = graphql(`
  query FindParallelRuns($project: String!) {
    project(key: $project) {
      parallelRuns(first: 200) {
        edges {
          node {
            key
            name
          }
        }
      }
    }
  }
`);

const findParallelRuns: Find = async (at, text) => {
  const { data } = await client.query(parallelRuns, { project: at.project });
  return (data?.project?.parallelRuns.edges ?? [])
    .filter(({ node }) => has(text, node.key, node.name))
    .map(({ node }) => ({ label: node.name, kind: navigation.parallelRuns, to: pb.parallelRun(at, node.key) }));
};

const flags = graphql(`
  query FindFlags($project: String!, $search: String!) {
    project(key: $project) {
      flags(first: 20, search: $search) {
        edges {
          node {
            key
            name
          }
        }
      }
    }
  }
`);

const findFlags: Find = async (at, text) => {
  const { data } = await client.query(flags, { project: at.project, search: text });
  return (data?.project?.flags?.edges ?? []).map(({ node: { key, name } }) => ({
    label: name === key ? key : `${key} · ${name}`,
    kind: navigation.flags,
    to: pb.flag(at, key),
  }));
};

const releases = graphql(`
  query FindReleases($project: String!, $search: String!) {
    releases(project: $project, search: $search, first: 10) {
      edges {
        node {
          id
          name
          environment
        }
      }
    }
  }
`);

const findReleases: Find = async (at, text) => {
  const { data } = await client.query(releases, { project: at.project, search: text });
  return (data?.releases.edges ?? []).map(({ node: { id, name, environment } }) => ({
    label: name,
    kind: `${navigation.releases}, ${environment}`,
    to: pb.release({ project: at.project, environment }, id),
  }));
};

const segments = graphql(`
  query FindSegments($project: String!, $search: String!) {
    project(key: $project) {
      segments(first: 20, search: $search) {
        edges {
          node {
            key
            name
          }
        }
      }
    }
  }
`);

const findSegments: Find = async (at, text) => {
  const { data } = await client.query(segments, { project: at.project, search: text });
  return (data?.project?.segments?.edges ?? []).map(({ node }) => {
    return { label: node.name, kind: navigation.segments, to: pb.segment(at, node.key) };
  });
};

const policies = graphql(`
  query FindPolicies($project: String!) {
    project(key: $project) {
      policies(first: 200) {
        edges {
          node {
            key
            name
          }
        }
      }
    }
  }
`);

const findPolicies: Find = async (at, text) => {
  const { data } = await client.query(policies, { project: at.project });
  return (data?.project?.policies?.edges ?? [])
    .filter(({ node }) => has(text, node.key, node.name))
    .map(({ node }) => ({ label: node.name, kind: navigation.policies, to: pb.policy(at, node.key) }));
};

/** One for each kind of thing. */
const searches: readonly Find[] = [findReleases, findFlags, findSegments, findPolicies, findParallelRuns];

const LONGEST = 30;

export async function findAll(at: InProject, text: string): Promise<readonly Found[]> {
  const found = await Promise.all(searches.map((find) => find(at, text)));
  return found.flat().slice(0, LONGEST);
}

function has(text: string, ...names: readonly string[]): boolean {
  const wanted = text.toLowerCase();
  return names.some((name) => name.toLowerCase().includes(wanted));
}
