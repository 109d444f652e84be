import type { ResultOf } from './graphql.js';
import { graphql } from './graphql.js';
import { liveQuery } from './live-query.js';

/** What every page of a project stands in. */
export const projectQuery = liveQuery(
  graphql(`
    query PlaceInProject($project: String!) {
      project(key: $project) {
        key
        name
        environments {
          key
          name
          production
        }
      }
    }
  `),
  ['project', 'environment'],
);

export type ProjectPlace = NonNullable<ResultOf<(typeof projectQuery)['document']>['project']>;

/** The environment that a page of the project is about: the one asked for, else the first of production, else the first. */
export function environmentOf(project: ProjectPlace, asked: string | undefined): string {
  const { environments } = project;
  const found = environments.find(({ key }) => key === asked) ?? environments.find(({ production }) => production);
  return (found ?? environments[0])?.key ?? '';
}
