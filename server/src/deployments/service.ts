import { z } from 'zod';
import { RESOURCE_KEY } from '../kernel/key.js';
import { parseInput } from '../kernel/parse.js';

/** A program of a project that is deployed in versions: `checkout`. */
export interface Service {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly version: number;
  readonly createdAt: Date;
}

/** One build of a service: what it is called, and by which digest it is told from any other. */
export interface Artifact {
  readonly version: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

export const serviceKeySchema = z
  .string()
  .regex(RESOURCE_KEY, 'must be 1 to 64 lower-case letters, digits or dashes, a letter or digit at both ends');

export const serviceDraftSchema = z
  .strictObject({ key: serviceKeySchema, name: z.string().trim().min(1).max(200).optional() })
  .meta({ id: 'ServiceDraft' });

type ServiceDraft = z.output<typeof serviceDraftSchema>;

/** Reads the body that creates a service; throws `invalid` with every problem. */
export const parseServiceDraft = (body: unknown): ServiceDraft => parseInput(serviceDraftSchema, body, 'service');

/** A new service as its draft says; its name is its key unless said. */
export function createService(
  draft: { readonly key: string; readonly name?: string | undefined },
  { id, projectId, now }: { readonly id: string; readonly projectId: string; readonly now: Date },
): Service {
  return { id, projectId, key: draft.key, name: draft.name ?? draft.key, version: 1, createdAt: now };
}
