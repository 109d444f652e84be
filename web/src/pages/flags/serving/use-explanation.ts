import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { type Failure, failureOf } from '../../../api/failure.js';
import { graphql, type Json, type ResultOf } from '../../../api/graphql.js';
import type { InEnvironment } from './serving-queries.js';

const explanationQuery = graphql(`
  query Explanation($project: String!, $flag: String!, $environment: String!, $context: JSON!, $draft: JSON) {
    project(key: $project) {
      flag(key: $flag) {
        explanation(environment: $environment, context: $context, draft: $draft) {
          variation
          value
          reason
          decision
          errorCode
          errorMessage
          ruleIndex
          bucket {
            bucket
            bucketBy
            seed
            total
          }
          prerequisites {
            flag
            wanted
            served
            isMet
          }
          rules {
            id
            isReached
            match
            clauses {
              match
              problem
              value
            }
          }
        }
      }
    }
  }
`);

type Flag = NonNullable<NonNullable<ResultOf<typeof explanationQuery>['project']>['flag']>;
export type Explanation = NonNullable<Flag['explanation']>;

export interface Question {
  readonly at: InEnvironment;
  readonly flag: string;
  /** Null: none that can be asked about yet. */
  readonly context: { readonly [name: string]: Json } | null;
  /** Fields of the settings that are edited; undefined: what is stored answers. */
  readonly draft: object | undefined;
  /** Of what is stored: another one is another question. */
  readonly version: number;
}

export interface Answer {
  readonly explanation: Explanation | undefined;
  readonly failure: Failure | undefined;
}

const QUIET_MS = 250;

/** Asks who gets what, a moment after the last edit; the last answer stands until the next one is there. */
export function useExplanation({ at, flag, context, draft, version }: Question): Answer {
  const client = useClient();
  const [answer, setAnswer] = useState<Answer>({ explanation: undefined, failure: undefined });
  const { project, environment } = at;
  const asked = context === null ? null : JSON.stringify(context);
  useEffect(() => {
    if (asked === null) return undefined;
    let isOver = false;
    const timer = setTimeout(() => {
      // Edits are JSON, and the context was written as JSON just now.
      const variables = {
        project,
        flag,
        environment,
        context: JSON.parse(asked) as Json,
        draft: (draft ?? null) as Json,
      };
      void client.query(explanationQuery, variables, { requestPolicy: 'network-only' }).then(({ data, error }) => {
        if (isOver) return;
        const explanation = data?.project?.flag?.explanation ?? undefined;
        setAnswer((before) => ({
          explanation: explanation ?? before.explanation,
          failure: error && failureOf(error),
        }));
      });
    }, QUIET_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, project, environment, flag, asked, draft, version]);
  return answer;
}
