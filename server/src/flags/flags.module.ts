import { Module } from '@nestjs/common';
import { EventsModule } from '../events/index.js';
import { ProjectsModule } from '../projects/index.js';
import { SegmentsModule } from '../segments/index.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagHolds } from './flag-holds.service.js';
import { FlagRamps } from './flag-ramps.service.js';
import { FlagRetirement } from './flag-retirement.service.js';
import { FlagSettingsController } from './flag-settings.controller.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagSettingsService } from './flag-settings.service.js';
import { FlagsReader } from './flags-reader.service.js';
import { FlagsController } from './flags.controller.js';
import { FlagsRepository } from './flags.repository.js';
import { FlagsService } from './flags.service.js';
import { KillSwitch } from './kill-switch.service.js';
import { SettingsEditor } from './settings-editor.service.js';
import { SettingsWriter } from './settings-writer.service.js';

@Module({
  imports: [EventsModule, ProjectsModule, SegmentsModule],
  controllers: [FlagsController, FlagSettingsController],
  providers: [
    FlagsService,
    FlagSettingsService,
    SettingsEditor,
    SettingsWriter,
    KillSwitch,
    FlagCatalog,
    FlagsReader,
    FlagRamps,
    FlagRetirement,
    FlagHolds,
    FlagsRepository,
    FlagSettingsRepository,
  ],
  exports: [FlagsReader, FlagRamps, FlagRetirement, FlagHolds, KillSwitch],
})
export class FlagsModule {}
