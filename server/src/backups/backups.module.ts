import { Module } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
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
      useFactory: (transactions: PrismaTransactions, store: BackupsRepository, clock: Clock) =>
        new Backups(transactions.withLimits(COPYING), store, clock),
      inject: [PrismaTransactions, BackupsRepository, Clock],
    },
  ],
})
export class BackupsModule {}
