import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/index.js';
import { PatternVetting } from './pattern-vetting.service.js';
import { SegmentCommandsResolver } from './segment-commands.resolver.js';
import { SegmentReferrers } from './segment-referrers.service.js';
import { SegmentsReader } from './segments-reader.service.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsResolver, SegmentUsesResolver } from './segments.resolver.js';
import { SegmentsRepository } from './segments.repository.js';
import { SegmentsService } from './segments.service.js';

@Module({
  imports: [ProjectsModule],
  controllers: [SegmentsController],
  providers: [
    SegmentsService,
    SegmentsResolver,
    SegmentUsesResolver,
    SegmentCommandsResolver,
    SegmentsReader,
    SegmentReferrers,
    SegmentsRepository,
    PatternVetting,
  ],
  exports: [SegmentsReader, SegmentReferrers, PatternVetting],
})
export class SegmentsModule {}
