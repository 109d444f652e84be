/** A part of the instance: a project, or one environment of it. */
export interface Place {
  readonly projectId: string;
  /** Undefined: all of the project. */
  readonly environmentId: string | undefined;
}

/** Where something may be done: on the whole instance, or in these places alone; in none of them: nowhere. */
export type Scope = 'instance' | readonly Place[];

/** Whether a scope has all of a place. */
export function covers(scope: Scope, { projectId, environmentId }: Place): boolean {
  return (
    scope === 'instance' ||
    scope.some(
      (held) =>
        held.projectId === projectId && (held.environmentId === undefined || held.environmentId === environmentId),
    )
  );
}

/** Whether a scope has anything of a project. */
export function touches(scope: Scope, projectId: string): boolean {
  return scope === 'instance' || scope.some((held) => held.projectId === projectId);
}
