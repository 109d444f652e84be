import { forbidden } from './errors.js';

/** Who asks. `id` names a token, or the system itself. */
export interface Actor {
  readonly kind: 'token' | 'system';
  readonly id: string;
  readonly name: string;
}

/** What a request carries through every use case: who asks, in which project, and how to trace it. */
export interface RequestContext {
  readonly actor: Actor;
  readonly requestId: string;
  /** W3C trace context of the caller, handed on unchanged. */
  readonly traceparent: string | undefined;
  /** The caller may act in this project only; undefined: in any. */
  readonly projectId: string | undefined;
  /** The caller may act in this environment only; undefined: in any. */
  readonly environmentId: string | undefined;
}

/** Lets a caller through who may act on the whole instance; throws `forbidden` for one bound to a project. */
export function requireInstanceScope(ctx: RequestContext): void {
  if (ctx.projectId !== undefined) {
    throw forbidden('SCOPE_TOO_NARROW', 'This token is bound to one project; use an admin token of the instance.');
  }
}

/** Lets a caller through who may act in all of a project; throws `forbidden` for one bound to an environment of it. */
export function requireProjectScope(ctx: RequestContext): void {
  if (ctx.environmentId !== undefined) {
    throw forbidden('SCOPE_TOO_NARROW', 'This token is bound to one environment; this concerns all of the project.');
  }
}
