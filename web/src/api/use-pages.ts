import type { AnyVariables } from '@urql/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { pipe, subscribe } from 'wonka';
import type { Connection } from './connection.js';
import { type Failure, failureOf } from './failure.js';
import { cursorOf, furtherOf, noFurtherPages, pagesInOrder, withPage } from './further-pages.js';
import { type LiveQuery, present, useLoaded } from './live-query.js';

/** All of a list that was loaded so far. */
export interface Pages<Data, Node> {
  /** The answer with the first page, for what else it has. */
  readonly first: Data;
  readonly nodes: readonly Node[];
  /** Loads the next page; undefined where there is none, or it is on its way. */
  readonly more: (() => void) | undefined;
  /** Why the next page could not be loaded. */
  readonly failure: Failure | undefined;
}

type After = { readonly after?: string | null };

/**
 * A list, of which the loader fetched the first page (`variables` without `after`); further ones when `more` asks for
 * them. Every page that was loaded is kept up to date.
 */
export function usePages<Data, Variables extends AnyVariables & After, Node>(
  query: LiveQuery<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pick: (data: Data) => Connection<Node> | null | undefined,
): Pages<Data, Node> {
  // Without a cursor they are the variables of the first page.
  const data = useLoaded(query, variables as Variables);
  const first = present(pick(data));
  const client = useClient();
  const asked = JSON.stringify(variables);
  const [kept, setKept] = useState(() => noFurtherPages<Node>(asked));
  const [failed, setFailed] = useState<{ readonly asked: string; readonly failure: Failure }>();
  const further = useMemo(() => furtherOf(kept, asked), [kept, asked]);
  const failure = failed?.asked === asked ? failed.failure : undefined;

  const pages = pagesInOrder(first, further);
  const cursor = cursorOf(pages.at(-1));
  // Those that are shown, and the one that is waited for.
  const cursors = [
    ...pages.slice(0, -1).map((page) => cursorOf(page) ?? ''),
    ...(pages.length <= further.wanted && cursor ? [cursor] : []),
  ];
  const key = JSON.stringify([asked, cursors]);

  useEffect(() => {
    const stops = cursors.map((after) =>
      pipe(
        client.query(query.document, { ...variables, after } as unknown as Variables, query.context),
        subscribe(({ data, error }) => {
          if (error !== undefined) setFailed({ asked, failure: failureOf(error) });
          if (data === undefined || error !== undefined) return;
          setFailed(undefined);
          setKept((known) => withPage(furtherOf(known, asked), after, present(pick(data))));
        }),
      ),
    );
    return () => stops.forEach((each) => each.unsubscribe());
    // The key says all that the others are of.
  }, [key, client]);

  const isWaiting = pages.length <= further.wanted && failure === undefined;
  const more = useCallback(() => {
    setFailed(undefined);
    setKept((known) => ({ ...furtherOf(known, asked), wanted: pages.length }));
  }, [asked, pages.length]);
  const nodes = useMemo(
    () => pages.flatMap(({ edges }) => edges.map(({ node }) => node)),
    [first, further, pages.length],
  );
  return { first: data, nodes, more: cursor === undefined || isWaiting ? undefined : more, failure };
}
