import { Injectable } from '@nestjs/common';
import { PrismaClient } from './generated/client.js';

/** Tells whether the store answers. */
@Injectable()
export class StoreHealth {
  constructor(private readonly client: PrismaClient) {}

  /** Asks the smallest question there is; throws when the store does not answer. */
  async ping(): Promise<void> {
    await this.client.$queryRaw`SELECT 1`;
  }
}
