import { Module } from '@nestjs/common';
import { EventsModule } from '../events/index.js';
import { ProjectsModule } from '../projects/index.js';
import { SegmentsModule } from '../segments/index.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagCommandsResolver } from './flag-commands.resolver.js';
import { FlagExplanationsController } from './flag-explanations.controller.js';
import { FlagExplanationsResolver } from './flag-explanations.resolver.js';
import { FlagExplanations } from './flag-explanations.service.js';
import { FlagEvaluations } from './flag-evaluations.service.js';
import { FlagHoldings } from './flag-holdings.service.js';
import { FlagHolds } from './flag-holds.service.js';
import { FlagLifeResolver } from './flag-life.resolver.js';
import { FlagListsRepository } from './flag-lists.repository.js';
import { FlagLists } from './flag-lists.service.js';
import { FlagLives } from './flag-lives.service.js';
import { FlagRamps } from './flag-ramps.service.js';
import { FlagRetirement } from './flag-retirement.service.js';
import { FlagRevisionsController } from './flag-revisions.controller.js';
import { FlagRevisionsResolver } from './flag-revisions.resolver.js';
import { FlagRevisions } from './flag-revisions.service.js';
import { FlagSettingsCommandsResolver } from './flag-settings-commands.resolver.js';
import { FlagSettingsController } from './flag-settings.controller.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagHoldsResolver, FlagSettingsResolver, FlagStateHoldsResolver } from './flag-settings.resolver.js';
import { FlagSettingsService } from './flag-settings.service.js';
import { FlagsReader } from './flags-reader.service.js';
import { FlagsController } from './flags.controller.js';
import { FlagsResolver } from './flags.resolver.js';
import { FlagsRepository } from './flags.repository.js';
import { FlagsService } from './flags.service.js';
import { KillSwitch } from './kill-switch.service.js';
import { SettingsComparisons } from './settings-comparisons.service.js';
import { SettingsEditor } from './settings-editor.service.js';
import { SettingsPromotionsController } from './settings-promotions.controller.js';
import { SettingsPromotionsResolver } from './settings-promotions.resolver.js';
import { SettingsPromotions } from './settings-promotions.service.js';
import { SettingsWriter } from './settings-writer.service.js';

@Module({
  imports: [EventsModule, ProjectsModule, SegmentsModule],
  controllers: [
    FlagsController,
    FlagSettingsController,
    FlagRevisionsController,
    FlagExplanationsController,
    SettingsPromotionsController,
  ],
  providers: [
    FlagsService,
    FlagLists,
    FlagLives,
    FlagSettingsService,
    SettingsEditor,
    SettingsWriter,
    FlagRevisions,
    FlagExplanations,
    FlagHoldings,
    FlagsResolver,
    FlagLifeResolver,
    FlagCommandsResolver,
    FlagSettingsResolver,
    FlagHoldsResolver,
    FlagStateHoldsResolver,
    FlagSettingsCommandsResolver,
    FlagRevisionsResolver,
    FlagExplanationsResolver,
    SettingsComparisons,
    SettingsPromotions,
    SettingsPromotionsResolver,
    KillSwitch,
    FlagCatalog,
    FlagsReader,
    FlagRamps,
    FlagRetirement,
    FlagHolds,
    FlagEvaluations,
    FlagsRepository,
    FlagListsRepository,
    FlagSettingsRepository,
  ],
  exports: [FlagsReader, FlagRamps, FlagRetirement, FlagHolds, FlagEvaluations, KillSwitch],
})
export class FlagsModule {}
