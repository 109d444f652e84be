import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { ProjectsModule } from '../projects/index.js';
import { EventStreamCountsResolver } from './event-stream-counts.resolver.js';
import { ChangePlaces } from './change-places.service.js';
import { ChangesResolver } from './changes.resolver.js';
import { Changes } from './changes.service.js';
import { EventLog } from './event-log.service.js';
import { EventSignals } from './event-signals.service.js';
import { EventStreams } from './event-streams.service.js';
import { EventsController } from './events.controller.js';
import { EventsReader } from './events-reader.service.js';
import { EventsRepository } from './events.repository.js';
import { EventsResolver } from './events.resolver.js';
import { EventsRetentionJob } from './events-retention.job.js';
import { EventsRetention } from './events-retention.service.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [AuthModule, ProjectsModule],
  controllers: [EventsController],
  providers: [
    EventLog,
    EventSignals,
    EventsReader,
    EventsService,
    EventStreams,
    EventsResolver,
    EventStreamCountsResolver,
    Changes,
    ChangePlaces,
    ChangesResolver,
    EventsRetention,
    EventsRetentionJob,
    EventsRepository,
  ],
  exports: [EventLog, EventSignals, EventsReader],
})
export class EventsModule {}
