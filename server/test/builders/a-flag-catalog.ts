import { FlagCatalog } from '../../src/flags/flag-catalog.service.js';
import { FlagSettingsRepository } from '../../src/flags/flag-settings.repository.js';
import { FlagsRepository } from '../../src/flags/flags.repository.js';
import type { ProjectsReader } from '../../src/projects/index.js';
import { SegmentReferrers, SegmentsReader } from '../../src/segments/index.js';
import { SegmentsRepository } from '../../src/segments/segments.repository.js';

/** The catalog of one server, on the repositories that servers really have. */
export function aFlagCatalog(projects: ProjectsReader): FlagCatalog {
  const segments = new SegmentsReader(new SegmentsRepository());
  return new FlagCatalog(
    new FlagsRepository(),
    new FlagSettingsRepository(),
    projects,
    segments,
    new SegmentReferrers(),
  );
}
