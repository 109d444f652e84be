import { graphql, type ResultOf } from '../../api/graphql.js';
import { problemFields } from '../../api/problem-fields.js';
import { liveQuery } from '../../api/live-query.js';
import type { Versioned } from '../../components/drafts/use-draft.js';
import type { Clause } from '../../util/clause.js';

/** What of a segment is edited: SegmentEdit of OpenAPI, whole. */
export interface SegmentContent {
  readonly name: string;
  readonly description: string;
  readonly included: readonly string[];
  readonly excluded: readonly string[];
  readonly rules: readonly SegmentRule[];
}

export interface SegmentRule {
  readonly clauses: readonly Clause[];
}

export const FIELDS = ['name', 'description', 'included', 'excluded', 'rules'] as const;

const segmentFields = graphql(`
  fragment SegmentFields on Segment {
    key
    version
    name
    description
    included
    excluded
    rules
    updatedAt
  }
`);

export const segmentQuery = liveQuery(
  graphql(
    `
      query Segment($project: String!, $segment: String!) {
        project(key: $project) {
          segment(key: $segment) {
            ...SegmentFields
            usedBy
          }
          segments(first: 200) {
            edges {
              node {
                key
              }
            }
          }
        }
      }
    `,
    [segmentFields],
  ),
  ['segment', 'flagSettings', 'rollout'],
);

type Project = NonNullable<ResultOf<(typeof segmentQuery)['document']>['project']>;
export type ShownSegment = NonNullable<Project['segment']>;

export const editSegment = graphql(
  `
    mutation EditSegment($input: EditSegmentInput!) {
      editSegment(input: $input) {
        node {
          ...SegmentFields
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields, segmentFields],
);

export function toSegment(segment: Omit<ShownSegment, 'usedBy'>): Versioned<SegmentContent> {
  const { version, name, description, included, excluded } = segment;
  // A list of { clauses }: the schema says so.
  const rules = segment.rules as unknown as readonly SegmentRule[];
  return { version, content: { name, description, included, excluded, rules } };
}

const MOST_KEYS = 200;

/** Both sides of a review: long lists of keys are told by how many there are, and by what came and went. */
export function reviewOf(before: SegmentContent, after: SegmentContent): readonly [unknown, unknown] {
  return [shortened(before, after), shortened(after, before)];
}

function shortened(content: SegmentContent, other: SegmentContent): unknown {
  const list = (field: 'included' | 'excluded'): unknown => {
    const keys = content[field];
    if (keys.length <= MOST_KEYS) return keys;
    const elsewhere = new Set(other[field]);
    const alone = keys.filter((key) => !elsewhere.has(key));
    return { keys: keys.length, onlyHere: alone.length, firstOfThem: alone.slice(0, MOST_KEYS) };
  };
  return { ...content, included: list('included'), excluded: list('excluded') };
}
