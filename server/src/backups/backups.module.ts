import { Module } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DatabaseConfig } from '../platform/config/database.js';
import { PrismaClient } from '../platform/prisma/generated/client.js';
import { PrismaTransactions } from '../platform/prisma/prisma-transactions.js';
import { BackupsController } from './backups.controller.js';
import { BackupsRepository } from './backups.repository.js';
import { Backups } from './backups.service.js';
import { COPYING } from './store-commands.adapter.js';

@Module({
  controllers: [BackupsController],
  providers: [
    BackupsRepository,
    {
      provide: Backups,
      useFactory: (client: PrismaClient, { url }: DatabaseConfig, store: BackupsRepository, clock: Clock) =>
        new Backups(new PrismaTransactions(client, url === undefined ? 'pglite' : 'postgresql', COPYING), store, clock),
      inject: [PrismaClient, DatabaseConfig, BackupsRepository, Clock],
    },
  ],
})
export class BackupsModule {}
