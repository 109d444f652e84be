import type { RequestContext } from '../kernel/request-context.js';

/** One thing for every request that needs it, made when first asked for and gone with its request. */
export class PerRequest<T> {
  private readonly made = new WeakMap<RequestContext, T>();

  constructor(private readonly make: (ctx: RequestContext) => T) {}

  of(ctx: RequestContext): T {
    const known = this.made.get(ctx);
    if (known !== undefined) return known;
    const made = this.make(ctx);
    this.made.set(ctx, made);
    return made;
  }
}
