import type { Api } from './start-test-server.js';

/** One failure, as every GraphQL answer tells it. */
export interface GraphqlFailure {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly kind: string;
    readonly status: number;
    readonly requestId: string;
    readonly problems?: readonly { readonly pointer: string; readonly code: string }[];
    readonly [name: string]: unknown;
  };
}

export interface GraphqlAnswer<T = unknown> {
  readonly status: number;
  /** Undefined where nothing was executed. */
  readonly data: T;
  readonly errors?: readonly GraphqlFailure[];
}

/** What is answered is what the query asks for; tests name the type. */
export type Ask = <T>(query: string, variables?: object, more?: object) => Promise<GraphqlAnswer<T>>;

/** Asks by GraphQL as a caller of the other APIs would. */
export function graphqlOf(api: Api): Ask {
  return async <T>(query: string, variables?: object, more: object = {}) => {
    const answer = await api('POST', '/graphql', { query, variables, ...more });
    // What the endpoint answers is JSON with these two members.
    return { status: answer.status, ...(answer.body as Pick<GraphqlAnswer<T>, 'data' | 'errors'>) };
  };
}

export const codesOf = ({ errors = [] }: Pick<GraphqlAnswer, 'errors'>): readonly string[] =>
  errors.map(({ extensions }) => extensions.code);
