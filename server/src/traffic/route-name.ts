/** A service in an environment, by keys. */
export interface TrafficTarget {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
}

/** What a route is called in the store, and in answers. */
export function routeName({ project, environment, service }: TrafficTarget): string {
  return `${project}/${environment}/${service}`;
}
