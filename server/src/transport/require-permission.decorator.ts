import { SetMetadata } from '@nestjs/common';
import type { Permission } from '../kernel/permission.js';

export const REQUIRED_PERMISSION = 'sluice:permission';
export const PUBLIC_ROUTE = 'sluice:public';

/** Names the permission a caller of this route must hold. */
export const RequirePermission = (permission: Permission): MethodDecorator & ClassDecorator =>
  SetMetadata(REQUIRED_PERMISSION, permission);

/** Says that anyone may call this route. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_ROUTE, true);
