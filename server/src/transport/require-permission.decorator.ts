import 'reflect-metadata';
import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Permission } from '../kernel/permission.js';

const REQUIRED_PERMISSION = 'sluice:permission';
const ANY_CALLER = 'sluice:anyCaller';
const PUBLIC_ROUTE = 'sluice:public';

/** Names the permission a caller of this route must hold. */
export const RequirePermission = (permission: Permission): MethodDecorator & ClassDecorator =>
  SetMetadata(REQUIRED_PERMISSION, permission);

/** Says that whoever is let in may call this: it concerns the caller alone. */
export const AnyCaller = (): MethodDecorator & ClassDecorator => SetMetadata(ANY_CALLER, true);

/** Says that anyone may call this route. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_ROUTE, true);

/** What a route or a field asks of its caller: a permission, to be let in, or nothing. */
export type Demand = { readonly permission: Permission | undefined } | 'nothing';

/** What a handler, or otherwise its class, says that it asks; undefined: neither says anything. */
export function demandOf(execution: Pick<ExecutionContext, 'getHandler' | 'getClass'>): Demand | undefined {
  for (const target of [execution.getHandler(), execution.getClass()]) {
    if (Reflect.getMetadata(PUBLIC_ROUTE, target) === true) return 'nothing';
    if (Reflect.getMetadata(ANY_CALLER, target) === true) return { permission: undefined };
    // RequirePermission stores nothing else.
    const permission = Reflect.getMetadata(REQUIRED_PERMISSION, target) as Permission | undefined;
    if (permission !== undefined) return { permission };
  }
  return undefined;
}
