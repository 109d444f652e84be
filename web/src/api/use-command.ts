import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useState } from 'react';
import { useClient } from 'urql';
import type { Problem } from '../util/field-errors.js';
import { type Failure, failureOf } from './failure.js';

/** What every mutation answers: the object as it is afterwards, or why it is not. */
interface Payload {
  readonly node: unknown;
  readonly problems: readonly Problem[];
}

type NodeOf<Data> = Data[keyof Data] extends infer P
  ? P extends { readonly node: infer Node }
    ? NonNullable<Node>
    : never
  : never;

/** How a mutation ended: done, refused by the rules (and nothing stored), or not answered as it should be. */
export type Outcome<Node> =
  | { readonly kind: 'done'; readonly node: Node }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Gives the server a command, a mutation with one field. Nothing on the page changes before it has answered. */
export function useCommand<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>) {
  const client = useClient();
  const [isRunning, setIsRunning] = useState(false);
  const run = async (variables: Variables): Promise<Outcome<NodeOf<Data>>> => {
    setIsRunning(true);
    try {
      const { data, error } = await client.mutation(document, variables).toPromise();
      if (error !== undefined) return { kind: 'failed', failure: failureOf(error) };
      // The one field of the mutation is a payload: the type NodeOf asks for it.
      const [payload]: readonly (Payload | undefined)[] = Object.values(data ?? {});
      if (payload === undefined || payload.problems.length > 0) {
        return { kind: 'refused', problems: payload?.problems ?? [] };
      }
      return { kind: 'done', node: payload.node as NodeOf<Data> };
    } finally {
      setIsRunning(false);
    }
  };
  return { run, isRunning };
}
