import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../kernel/permission.js';
import { isGraphql, requestOf } from '../transport/request-of.js';
import { PUBLIC_ROUTE, REQUIRED_PERMISSION } from '../transport/require-permission.decorator.js';
import { RequestAdmission } from './request-admission.provider.js';

/** Lets a request through to its route, or to a field of GraphQL, when its token holds the permission that this names. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly admission: RequestAdmission,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const targets = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, targets) === true) return true;
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(REQUIRED_PERMISSION, targets);
    if (permission === undefined) throw new Error(`${execution.getHandler().name} declares no permission.`);

    const request = requestOf<FastifyRequest>(execution);
    if (isGraphql(execution)) this.admission.permit(permission, request);
    else await this.admission.admitTo(permission, request, execution.switchToHttp().getResponse<FastifyReply>());
    return true;
  }
}
