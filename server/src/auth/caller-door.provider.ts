import { Injectable } from '@nestjs/common';
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
    return this.admission.admit(request);
  }

  override watch({ sluiceContext }: SocketRequest, onEnd: () => void): () => void {
    if (sluiceContext === undefined) throw new Error('This socket was never let in.');
    return this.callers.watch(sluiceContext, onEnd);
  }
}
