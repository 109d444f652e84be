import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import type { Topic } from '../../api/topics.js';
import { type Search, searchWords, textWord, yesWord } from '../../util/search-words.js';

/** Whatever changes is on record. */
const ALL: readonly Topic[] = [
  ...([
    'project',
    'environment',
    'flag',
    'flagSettings',
    'segment',
    'policy',
    'guardrail',
    'release',
    'rollout',
  ] as const),
  ...(['parallelRun', 'parallelRunSettings', 'service', 'deployment', 'traffic', 'token', 'person'] as const),
  ...(['webhook', 'other'] as const),
];

/** A page of entries, whether of a project or of the instance. */
const auditPage = graphql(`
  fragment AuditPage on AuditEntryConnection {
    edges {
      node {
        sequence
        at
        action
        subject
        requestId
        before
        after
        hash
        previousHash
        actor {
          id
          kind
          name
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`);

export const projectQuery = liveQuery(
  graphql(
    `
      query ProjectAudit(
        $project: String!
        $subject: String
        $action: String
        $actor: String
        $from: DateTime
        $to: DateTime
        $after: String
      ) {
        project(key: $project) {
          audit(first: 100, after: $after, subject: $subject, action: $action, actor: $actor, from: $from, to: $to) {
            ...AuditPage
          }
        }
      }
    `,
    [auditPage],
  ),
  ALL,
);

export const instanceQuery = liveQuery(
  graphql(
    `
      query InstanceAudit(
        $subject: String
        $action: String
        $actor: String
        $from: DateTime
        $to: DateTime
        $after: String
      ) {
        audit(first: 100, after: $after, subject: $subject, action: $action, actor: $actor, from: $from, to: $to) {
          ...AuditPage
        }
      }
    `,
    [auditPage],
  ),
  ALL,
);

export type AuditEntry = ResultOf<(typeof instanceQuery)['document']>['audit']['edges'][number]['node'];

export const auditWords = searchWords({
  subject: textWord(),
  action: textWord(),
  actor: textWord(),
  from: textWord(),
  to: textWord(),
  all: yesWord(),
  entry: textWord(),
});

/** What the server filters by, as the URL says it; a time that is none is left out. */
export function filterOf(search: Search) {
  const { subject, action, actor, from, to } = auditWords.read(search);
  return {
    ...(subject.trim() !== '' && { subject: subject.trim() }),
    ...(action.trim() !== '' && { action: action.trim() }),
    ...(actor !== '' && { actor }),
    ...(isMoment(from) && { from }),
    ...(isMoment(to) && { to }),
  };
}

function isMoment(text: string): boolean {
  return text !== '' && !Number.isNaN(Date.parse(text));
}
