import { z } from 'zod';
import { RESOURCE_KEY } from '../kernel/key.js';
import { parseInput } from '../kernel/parse.js';

/** The widest scope of names: flags, segments and environments belong to one project. */
export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly version: number;
  readonly createdAt: Date;
}

/** A place where services run. A production environment tightens defaults. */
export interface Environment {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly production: boolean;
  /** Grows with every change that an evaluator of this environment can see. */
  readonly revision: number;
  readonly version: number;
  readonly createdAt: Date;
}

const keySchema = z
  .string()
  .regex(RESOURCE_KEY, 'must be 1 to 64 lower-case letters, digits or dashes, a letter or digit at both ends');
const nameSchema = z.string().trim().min(1).max(200);

export const environmentDraftSchema = z
  .strictObject({ key: keySchema, name: nameSchema.optional(), production: z.boolean().default(false) })
  .meta({ id: 'EnvironmentDraft' });

export const projectDraftSchema = z
  .strictObject({
    key: keySchema,
    name: nameSchema.optional(),
    environments: z
      .array(environmentDraftSchema)
      .max(50)
      .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'must have distinct keys')
      .default([
        { key: 'development', production: false },
        { key: 'production', production: true },
      ]),
  })
  .meta({ id: 'ProjectDraft' });

export const renameSchema = z.strictObject({ name: nameSchema }).meta({ id: 'Rename' });

export const environmentEditSchema = z
  .strictObject({ name: nameSchema.optional(), production: z.boolean().optional() })
  .meta({ id: 'EnvironmentEdit' });

export type ProjectDraft = z.output<typeof projectDraftSchema>;
export type EnvironmentDraft = z.output<typeof environmentDraftSchema>;

/** Reads the body that creates a project; throws `invalid` with every problem. */
export const parseProjectDraft = (body: unknown): ProjectDraft => parseInput(projectDraftSchema, body, 'project');

/** Reads the body that creates an environment; throws `invalid` with every problem. */
export const parseEnvironmentDraft = (body: unknown): EnvironmentDraft =>
  parseInput(environmentDraftSchema, body, 'environment');

/** A new project as its draft says; its name is its key unless said. */
export function createProject(draft: ProjectDraft, id: string, now: Date): Project {
  return { id, key: draft.key, name: draft.name ?? draft.key, version: 1, createdAt: now };
}

/** A new environment as its draft says; its name is its key unless said. */
export function createEnvironment(projectId: string, draft: EnvironmentDraft, id: string, now: Date): Environment {
  return {
    id,
    projectId,
    key: draft.key,
    name: draft.name ?? draft.key,
    production: draft.production,
    revision: 0,
    version: 1,
    createdAt: now,
  };
}
