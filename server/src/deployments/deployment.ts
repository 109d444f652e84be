import { z } from 'zod';
import type { EventType } from '../events/index.js';
import { conflict, type SluiceError } from '../kernel/errors.js';
import { parseInput } from '../kernel/parse.js';
import { type Artifact, serviceKeySchema } from './service.js';

export const DEPLOYMENT_STATES = ['installed', 'removed'] as const;
/** Whether a version was put into an environment or taken out of it. */
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

/** What CI reported at one moment. Reports are only ever added. */
export interface Deployment extends Artifact {
  readonly id: string;
  readonly serviceId: string;
  readonly environmentId: string;
  readonly state: DeploymentState;
  /** Where CI says more: a run, a commit. */
  readonly url: string | null;
  /** Name of the token that reported it. */
  readonly reportedBy: string;
  readonly at: Date;
}

/** A deployment with the keys of where it belongs. */
export interface PlacedDeployment extends Deployment {
  readonly service: string;
  readonly environment: string;
}

const VERSION = /^[\p{L}\p{N}][\p{L}\p{N}._+:@/-]{0,127}$/u;

/** What builds are called. */
export const versionSchema = z
  .string()
  .regex(VERSION, 'must be 1 to 128 letters, digits or any of . _ + : @ / -, a letter or digit first');

export const deploymentDraftSchema = z
  .strictObject({
    service: serviceKeySchema.describe('Key of the service; one that is not known yet is created'),
    environment: z.string().min(1).max(64).describe('Key of the environment'),
    version: versionSchema,
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/u, 'must be "sha256:" and 64 hexadecimal digits, in lower case')
      .describe('Digest of what was installed: the same for a version in every environment'),
    state: z.enum(DEPLOYMENT_STATES).default('installed'),
    url: z
      .url({ protocol: /^https?$/u, error: 'must be an http or https address' })
      .max(2_000)
      .optional()
      .describe('Where to read more: the run, the commit'),
  })
  .meta({ id: 'DeploymentDraft' });

export type DeploymentDraft = z.output<typeof deploymentDraftSchema>;

/** Reads the body that reports a deployment; throws `invalid` with every problem. */
export const parseDeploymentDraft = (body: unknown): DeploymentDraft =>
  parseInput(deploymentDraftSchema, body, 'deployment');

/** Whether a report says again what the newest one of its version in its environment says. */
export function isRepeated(newest: Deployment | null, draft: Pick<DeploymentDraft, 'digest' | 'state'>): boolean {
  return newest !== null && newest.digest === draft.digest && newest.state === draft.state;
}

/**
 * What a report is to those who know services by environment (CDEvents 0.4.1): the first version deploys the service,
 * one more upgrades it, the last to go removes it. One of several that goes is nothing to them.
 */
export function eventTypeOf(state: DeploymentState, hasOthers: boolean): EventType | undefined {
  if (state === 'removed') return hasOthers ? undefined : 'dev.cdevents.service.removed.0.2.0';
  return hasOthers ? 'dev.cdevents.service.upgraded.0.2.0' : 'dev.cdevents.service.deployed.0.2.0';
}

/** One artifact goes through all environments: a version is refused that is not what it was where it came from. */
export function artifactDiffers(
  service: string,
  reported: Artifact,
  known: { readonly digest: string; readonly environment: string | undefined },
): SluiceError {
  const origin = known.environment === undefined ? '' : ` in ${known.environment}`;
  const message =
    `Version ${reported.version} of ${service} was first reported${origin} with digest ${known.digest}; ` +
    `${reported.digest} is another build. Install the first one, or give this one a version of its own.`;
  const data = { version: reported.version, knownDigest: known.digest, reportedDigest: reported.digest };
  return conflict('ARTIFACT_DIFFERS', message, { data: { ...data, firstReportedIn: known.environment ?? null } });
}
