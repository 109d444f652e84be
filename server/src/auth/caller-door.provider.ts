import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SocketDoor, type SocketRequest } from '../platform/graphql/socket-door.js';
import { CallerWatch } from './caller-watch.service.js';
import { RequestAdmission } from './request-admission.provider.js';

/** Lets sockets in as requests are, until their caller's token or session ends or may do something else. */
@Injectable()
export class CallerDoor extends SocketDoor {
  constructor(
    private readonly admission: RequestAdmission,
    private readonly callers: CallerWatch,
  ) {
    super();
  }

  override admit(request: SocketRequest): Promise<void> {
    // Admission reads of a request what a SocketRequest has.
    return this.admission.admit(request as FastifyRequest & SocketRequest);
  }

  override watch({ sluiceContext }: SocketRequest, onEnd: () => void): () => void {
    if (sluiceContext === undefined) throw new Error('This socket was never let in.');
    return this.callers.watch(sluiceContext, onEnd);
  }
}
