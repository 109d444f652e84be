import { forbidden } from './errors.js';
import type { Permission } from './permission.js';
import { covers, type Place, type Scope, touches } from './scope.js';

/** Who asks. `id` names a token or a person, or the system itself. */
export interface Actor {
  readonly kind: 'token' | 'person' | 'system';
  readonly id: string;
  readonly name: string;
}

/** What a person lacks who sees more than where they may do what is asked for. */
export interface Shortfall {
  readonly permission: Permission;
  /** Where the person may do anything at all. */
  readonly sight: Scope;
  /** Says what is missing and who has it. */
  readonly sentence: string;
}

/** The session in which a person asks. */
export interface SessionMark {
  readonly id: string;
  /** Grows whenever what the person may do changes. */
  readonly accessVersion: number;
}

/** What a request carries through every use case: who asks, where they may, and how to trace it. */
export interface RequestContext {
  readonly actor: Actor;
  readonly requestId: string;
  /** W3C trace context of the caller, handed on unchanged. */
  readonly traceparent: string | undefined;
  /** Where the caller may do what this request, or this field of one, needs. */
  readonly scope: Scope;
  /** Only of people: they may see a place without being allowed everything there. */
  readonly shortfall?: Shortfall;
  /** Only of people. */
  readonly session?: SessionMark;
}

/** Whether the caller may do this in an environment or, where none is named, in all of a project. */
export function isInScope({ scope }: RequestContext, projectId: string, environmentId?: string): boolean {
  return covers(scope, { projectId, environmentId });
}

/** Whether the caller may do this anywhere in a project. */
export function isPartlyInScope({ scope }: RequestContext, projectId: string): boolean {
  return touches(scope, projectId);
}

/** The projects in which the caller may do this somewhere; undefined: in every one. */
export function projectsInScope({ scope }: RequestContext): readonly string[] | undefined {
  return scope === 'instance' ? undefined : [...new Set(scope.map(({ projectId }) => projectId))];
}

/** The environments of a project in which the caller may do this; undefined: in every one. */
export function environmentsInScope(ctx: RequestContext, projectId: string): readonly string[] | undefined {
  if (ctx.scope === 'instance' || isInScope(ctx, projectId)) return undefined;
  return ctx.scope.flatMap((held) =>
    held.projectId === projectId && held.environmentId !== undefined ? [held.environmentId] : [],
  );
}

/** Refuses who sees a project, or one environment of it, but may not do this there; does nothing for others. */
export function refuseShortfall({ shortfall }: RequestContext, { projectId, environmentId }: Place): void {
  if (shortfall === undefined) return;
  const { permission, sight, sentence } = shortfall;
  const isSeen = environmentId === undefined ? touches(sight, projectId) : covers(sight, { projectId, environmentId });
  if (isSeen) throw forbidden('PERMISSION_MISSING', sentence, { data: { permission } });
}

/** Lets a caller through who may act on the whole instance; throws `forbidden` for one bound to parts of it. */
export function requireInstanceScope({ scope, actor }: RequestContext): void {
  if (scope === 'instance') return;
  throw forbidden(
    'SCOPE_TOO_NARROW',
    actor.kind === 'person'
      ? 'You may do this in some projects; this concerns the whole instance: ask an admin of the instance.'
      : 'This token is bound to one project; use an admin token of the instance.',
  );
}

/** Lets a caller through who may act in all of a project; throws `forbidden` for one bound to environments of it. */
export function requireProjectScope(ctx: RequestContext, projectId: string): void {
  if (isInScope(ctx, projectId)) return;
  if (!isPartlyInScope(ctx, projectId)) refuseShortfall(ctx, { projectId, environmentId: undefined });
  throw forbidden(
    'SCOPE_TOO_NARROW',
    ctx.actor.kind === 'person'
      ? 'You may do this in some environments of the project; this concerns all of it: ask an admin of the project.'
      : 'This token is bound to one environment; this concerns all of the project.',
  );
}
