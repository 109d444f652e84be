import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isGraphql, requestOf } from '../transport/request-of.js';
import { demandOf } from '../transport/require-permission.decorator.js';
import { moveToken } from '../transport/token-in-metadata.decorator.js';
import { RequestAdmission } from './request-admission.provider.js';

/** Lets a request through to its route, or to a field of GraphQL, when its caller holds the permission that this names. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly admission: RequestAdmission) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const demand = demandOf(execution);
    if (demand === undefined) throw new Error(`${execution.getHandler().name} declares no permission.`);
    if (demand === 'nothing') return true;

    const request = requestOf<FastifyRequest>(execution);
    if (isGraphql(execution)) this.admission.permit(demand.permission, request);
    else {
      moveToken(execution, request);
      await this.admission.admitTo(demand.permission, request, execution.switchToHttp().getResponse<FastifyReply>());
    }
    return true;
  }
}
