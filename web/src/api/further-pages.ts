import type { Connection } from './connection.js';

/** The pages of a list after its first, as far as they were asked for. They are of one question: two may share cursors. */
interface FurtherPages<Node> {
  /** The variables of the question, as text. */
  readonly asked: string;
  /** How many of them are wanted. */
  readonly wanted: number;
  /** By the cursor that they come after. */
  readonly known: ReadonlyMap<string, Connection<Node>>;
}

export function noFurtherPages<Node>(asked: string): FurtherPages<Node> {
  return { asked, wanted: 0, known: new Map() };
}

/** What is known of a question; of another one, nothing. */
export function furtherOf<Node>(pages: FurtherPages<Node>, asked: string): FurtherPages<Node> {
  return pages.asked === asked ? pages : noFurtherPages(asked);
}

/** With the page that comes after a cursor. */
export function withPage<Node>(pages: FurtherPages<Node>, after: string, page: Connection<Node>): FurtherPages<Node> {
  return { ...pages, known: new Map(pages.known).set(after, page) };
}

/** The first page and all wanted ones that follow it without a gap. */
export function pagesInOrder<Node>(
  first: Connection<Node>,
  { wanted, known }: FurtherPages<Node>,
): readonly Connection<Node>[] {
  const pages = [first];
  while (pages.length <= wanted) {
    const next = known.get(cursorOf(pages.at(-1)) ?? '');
    if (next === undefined) break;
    pages.push(next);
  }
  return pages;
}

/** After which the next page begins; undefined at the end of the list. */
export function cursorOf(page: Connection<unknown> | undefined): string | undefined {
  return page?.pageInfo.hasNextPage === true ? (page.pageInfo.endCursor ?? undefined) : undefined;
}
