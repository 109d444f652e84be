import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { invalid } from '../kernel/errors.js';
import { cursorOf, MAX_PAGE_LIMIT, type Page, type PageRequest, parsePageRequest } from '../kernel/page.js';

/** What every connection takes (GraphQL Cursor Connections Specification), forwards only. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: `How many: 1 to ${MAX_PAGE_LIMIT}` })
  first!: number;

  @Field(() => String, { nullable: true, description: 'endCursor of the page before' })
  after?: string | null;
}

@ObjectType()
class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there is a page before: always true after a cursor' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

interface Edge<T> {
  readonly node: T;
  readonly cursor: string;
}

/** One page of a list, as Relay reads it. */
export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly pageInfo: PageInfo;
}

/** Declares the connection of a type: `<name>Connection` with `<name>Edge`. */
export function connectionOf(node: Type, name: string): Type<Connection<unknown>> {
  @ObjectType(`${name}Edge`)
  class NodeEdge {
    @Field(() => node)
    node!: unknown;

    @Field(() => String)
    cursor!: string;
  }

  @ObjectType(`${name}Connection`)
  class NodeConnection {
    @Field(() => [NodeEdge])
    edges!: NodeEdge[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/** Reads what a connection is asked for; throws `invalid` for a number out of range or a foreign cursor. */
export function pageRequestOf({ first, after }: PageArgs, isSortKey?: (text: string) => boolean): PageRequest {
  if (first < 1 || first > MAX_PAGE_LIMIT) {
    throw invalid('LIMIT_OUT_OF_RANGE', `"first" must be a whole number from 1 to ${MAX_PAGE_LIMIT}.`);
  }
  return parsePageRequest({ limit: String(first), after: after ?? undefined }, isSortKey);
}

/** Puts a page as a connection. */
export function toConnection<T>(
  { items, nextCursor }: Page<T>,
  { after }: PageArgs,
  sortKeyOf: (item: T) => string,
): Connection<T> {
  const edges = items.map((node) => ({ node, cursor: cursorOf(sortKeyOf(node)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: nextCursor !== null,
      hasPreviousPage: (after ?? undefined) !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
