import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/index.js';
import { SegmentsModule } from '../segments/index.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagSettingsController } from './flag-settings.controller.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagSettingsService } from './flag-settings.service.js';
import { FlagsReader } from './flags-reader.service.js';
import { FlagsController } from './flags.controller.js';
import { FlagsRepository } from './flags.repository.js';
import { FlagsService } from './flags.service.js';

@Module({
  imports: [ProjectsModule, SegmentsModule],
  controllers: [FlagsController, FlagSettingsController],
  providers: [FlagsService, FlagSettingsService, FlagCatalog, FlagsReader, FlagsRepository, FlagSettingsRepository],
  exports: [FlagsReader],
})
export class FlagsModule {}
