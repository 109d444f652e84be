export { ENVIRONMENT_CHANGED } from './environment-changed.js';
export { EnvironmentRevisions } from './environment-revisions.service.js';
export type { Environment, Project } from './project.js';
export { ProjectsModule } from './projects.module.js';
export { ProjectsReader } from './projects-reader.service.js';
export { ProjectObject } from './projects.resolver.js';
export { ProjectTransactions } from './project-transactions.service.js';
export { type VisibleEnvironment, VisibleEnvironments } from './visible-environments.service.js';
