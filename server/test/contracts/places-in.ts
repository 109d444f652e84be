import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsReader } from '../../src/projects/index.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { SegmentsReader } from '../../src/segments/index.js';
import { SegmentsRepository } from '../../src/segments/segments.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aSegment } from '../builders/a-segment.js';
import type { SequentialIds } from '../fakes/sequential-ids.js';
import type { DatabaseInUse } from './use-database.js';

/** Stores what flags belong to and name: projects of keys of their own, with environments and segments; and reads them. */
export function placesIn(store: DatabaseInUse, ids: SequentialIds) {
  return {
    reader: new ProjectsReader(new ProjectsRepository(), new EnvironmentsRepository()),
    segments: new SegmentsReader(new SegmentsRepository()),
    project: async (key: string): Promise<string> => {
      const project = aProject({ id: ids.next(), key });
      await store.run((tx) => new ProjectsRepository().insert(tx, project));
      return project.id;
    },
    environment: async (projectId: string, key: string): Promise<string> => {
      const environment = anEnvironment({ id: ids.next(), projectId, key });
      await store.run((tx) => new EnvironmentsRepository().insert(tx, environment));
      return environment.id;
    },
    segment: async (projectId: string, key: string): Promise<void> => {
      const segment = aSegment({ id: ids.next(), projectId, key });
      await store.run((tx) => new SegmentsRepository().insert(tx, segment));
    },
  };
}
