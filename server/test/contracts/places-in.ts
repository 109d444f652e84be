import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsReader } from '../../src/projects/index.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import type { SequentialIds } from '../fakes/sequential-ids.js';
import type { DatabaseInUse } from './use-database.js';

/** Stores what flags belong to: projects of keys of their own, with environments; and reads them. */
export function placesIn(store: DatabaseInUse, ids: SequentialIds) {
  return {
    reader: new ProjectsReader(new ProjectsRepository(), new EnvironmentsRepository()),
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
  };
}
