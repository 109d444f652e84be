import { Global, Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxRepository } from './outbox.repository.js';

@Global()
@Module({ providers: [Outbox, OutboxRelay, OutboxRepository], exports: [Outbox] })
export class OutboxModule {}
