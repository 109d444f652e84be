import type { AnyVariables, Client, OperationContext, RequestPolicy, TypedDocumentNode } from '@urql/core';
import { useRef } from 'react';
import { useClient, useQuery } from 'urql';
import { Failure, failureOf } from './failure.js';
import type { Topic } from './topics.js';

/** A query that is asked again when something of its topics changes. */
export interface LiveQuery<Data, Variables extends AnyVariables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** The same object each time: urql takes another one for another question. */
  readonly context: Partial<OperationContext>;
}

export function liveQuery<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  topics: readonly Topic[],
): LiveQuery<Data, Variables> {
  return { document, context: { topics } };
}

/** What a route's loader does: fetches, so that the page finds it. Throws a Failure. */
export async function load<Data, Variables extends AnyVariables>(
  client: Client,
  { document, context }: LiveQuery<Data, Variables>,
  variables: Variables,
  requestPolicy: RequestPolicy,
): Promise<Data> {
  const asked = await client.query(document, variables, { ...context, requestPolicy });
  // The cache keeps refusals too, and one may be over by now: a role was given, a thing was made.
  const isOld = asked.error !== undefined && requestPolicy === 'cache-first';
  const { data, error } = isOld
    ? await client.query(document, variables, { ...context, requestPolicy: 'network-only' })
    : asked;
  if (error !== undefined) throw failureOf(error);
  if (data === undefined) throw new Failure('internal', 'NO_DATA', 'The server answered nothing; load the page again.');
  return data;
}

/** Failures after which what the page shows is not the viewer's to see, or is gone. */
const ENDS_PAGE: readonly Failure['kind'][] = ['forbidden', 'notFound'];

/**
 * What the loader fetched with the same variables, kept up to date. While the server does not answer it is what was
 * known last; where the viewer may see it no longer, or it is gone, it throws the Failure that the route then shows.
 */
export function useLoaded<Data, Variables extends AnyVariables>(
  { document, context }: LiveQuery<Data, Variables>,
  variables: Variables,
): Data {
  const client = useClient();
  const [{ data, error }] = useQuery({ query: document, variables, context });
  const last = useRef(data);
  if (data !== undefined && error === undefined) last.current = data;
  const failure = error && failureOf(error);
  if (failure !== undefined && ENDS_PAGE.includes(failure.kind)) throw failure;
  const known = last.current ?? data;
  if (known === undefined && failure === undefined) {
    // A change came between the loader and the page: the answer is on its way, and the page waits where it would be.
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how React is told to wait
    throw client.query(document, variables, context).toPromise();
  }
  if (known === undefined || known === null) throw failure ?? missing();
  return known;
}

/** For what the schema says may be null and a page cannot do without: it is not there, or not for the viewer. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw missing();
  return value;
}

function missing(): Failure {
  return new Failure('notFound', 'NOT_FOUND', 'There is nothing of that name here, or you may not see it.');
}
