import type { AnyVariables } from '@urql/core';
import { type AnyRoute, createRoute } from '@tanstack/react-router';
import { type ComponentType, useEffect, useMemo } from 'react';
import { client } from '../api/client.js';
import { load, type LiveQuery } from '../api/live-query.js';
import { product } from '../text/shell.js';
import type { InProject } from '../util/path-builder.js';
import type { Search } from '../util/search-words.js';

/** The names behind dollar signs in a path. */
type ParamsOf<Path extends string> = Path extends `${string}$${infer Name}/${infer Rest}`
  ? Name | ParamsOf<Rest>
  : Path extends `${string}$${infer Name}`
    ? Name
    : never;

/** Where the viewer is, as a page is told: the names in its path, and the words behind the question mark. */
export interface Place<Name extends string = never> {
  readonly params: Readonly<Record<Name, string>>;
  readonly search: Search;
  /** For the path builder. The environment is always one of the project's; '' where it has none. Both '' outside. */
  readonly at: Required<InProject> & { readonly environment: string };
}

/** What a loader is given: where, and how to fetch. */
export interface Loading<Name extends string = never> extends Place<Name> {
  /** Past the cache as the page is entered; only what is not there yet while the viewer stays on it. */
  readonly fetch: <Data, Variables extends AnyVariables>(
    query: LiveQuery<Data, Variables>,
    variables: Variables,
  ) => Promise<Data>;
}

/** What a page's file exports. */
export interface PageModule<Name extends string> {
  readonly Page: ComponentType<Place<Name>>;
  readonly load?: (loading: Loading<Name>) => Promise<unknown>;
  /** Of the browser's window. */
  readonly title: string | ((place: Place<Name>) => string);
}

/** A screen: its path, and the file of its page, a chunk of its own. */
export function screen<const Path extends string>(
  parent: AnyRoute,
  path: Path,
  importPage: () => Promise<PageModule<ParamsOf<Path>>>,
): AnyRoute {
  return routeTo(parent, path, importPage);
}

/** A screen of a project: its path within the project's. */
export function projectScreen<const Path extends string>(
  parent: AnyRoute,
  path: Path,
  importPage: () => Promise<PageModule<ParamsOf<Path> | 'project'>>,
): AnyRoute {
  return routeTo(parent, path, importPage);
}

function routeTo<Name extends string>(
  parent: AnyRoute,
  path: string,
  importPage: () => Promise<PageModule<Name>>,
): AnyRoute {
  const placeOf = (params: unknown, search: unknown): Place<Name> => {
    // The router read them from this path; its parser of search makes texts of all.
    const named = params as Readonly<Record<string, string>>;
    const said = search as Search;
    const at = { project: named['project'] ?? '', environment: said['environment'] ?? '' };
    return { params: named, search: said, at };
  };
  const route = createRoute({
    getParentRoute: () => parent,
    path,
    loaderDeps: ({ search }) => search as Search,
    loader: async ({ params, deps, cause }) => {
      const page = await importPage();
      const policy = cause === 'stay' ? 'cache-first' : 'network-only';
      await page.load?.({
        ...placeOf(params, deps),
        fetch: (query, variables) => load(client, query, variables, policy),
      });
      return page;
    },
    component: function Screen() {
      const params: unknown = route.useParams();
      const search: unknown = route.useSearch();
      const place = useMemo(() => placeOf(params, search), [params, search]);
      // What the loader above answers; a route does not know its own type while it is made.
      const { Page, title }: PageModule<Name> = route.useLoaderData();
      const words = typeof title === 'string' ? title : title(place);
      useEffect(() => void (document.title = `${words} · ${product}`), [words]);
      return <Page {...place} />;
    },
  });
  return route;
}
