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

/** One for each kind of thing. */
const searches: readonly Find[] = [findParallelRuns];

const LONGEST = 30;

export async function findAll(at: InProject, text: string): Promise<readonly Found[]> {
  const found = await Promise.all(searches.map((find) => find(at, text)));
  return found.flat().slice(0, LONGEST);
}

function has(text: string, ...names: readonly string[]): boolean {
  const wanted = text.toLowerCase();
  return names.some((name) => name.toLowerCase().includes(wanted));
}
