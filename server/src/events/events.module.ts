import { Module } from '@nestjs/common';
import { EventLog } from './event-log.service.js';
import { EventSignals } from './event-signals.service.js';
import { EventsRepository } from './events.repository.js';

@Module({ providers: [EventLog, EventSignals, EventsRepository], exports: [EventLog, EventSignals] })
export class EventsModule {}
