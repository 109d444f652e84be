import { Injectable } from '@nestjs/common';
import type { GrpcService } from './service-definition.js';

/** What the gRPC port serves. Modules add their services while they are initialised, before the port is opened. */
@Injectable()
export class GrpcServices {
  private readonly services: GrpcService[] = [];

  add(service: GrpcService): void {
    this.services.push(service);
  }

  list(): readonly GrpcService[] {
    return this.services;
  }
}
