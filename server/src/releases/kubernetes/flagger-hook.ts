import { z } from 'zod';
import { parseInput } from '../../kernel/parse.js';
import { mayBegin, type ReleaseAnalysis } from './release-analysis.js';

/** The types of webhooks that Flagger has. What it sends does not say the type, so that stands in the URL. */
export const FLAGGER_HOOKS = [
  'confirm-rollout',
  'pre-rollout',
  'rollout',
  'confirm-traffic-increase',
  'confirm-promotion',
  'post-rollout',
  'rollback',
  'event',
] as const;
export type FlaggerHook = (typeof FLAGGER_HOOKS)[number];

const place = z.string().min(1).max(200);

/** On these nothing hangs: whatever is answered, Flagger goes on. What they are about need not be known. */
const NEWS = ['post-rollout', 'event'] as const satisfies readonly FlaggerHook[];
type News = (typeof NEWS)[number];

/**
 * What Flagger sends (CanaryWebhookPayload of 1.44); fields that later versions may add are let through. The Canary is
 * for the log: what is asked for is in the metadata.
 */
export const flaggerBody = z
  .object({
    name: z.string().optional().describe('Of the Canary'),
    namespace: z.string().optional(),
    phase: z.string().optional().describe('Of the Canary, such as Progressing; not the type of the webhook'),
    checksum: z.string().optional(),
    metadata: z
      .object({
        release: z.uuid().optional().describe('The id of a release'),
        project: place.optional(),
        environment: place.optional(),
        service: place.optional(),
        version: place.optional().describe('The newest release of this version of the service'),
        token: z.string().optional().describe('A CI token, for Flagger sends no headers'),
      })
      .catchall(z.string())
      .default({}),
  })
  .meta({ id: 'FlaggerWebhook' });

export type FlaggerCall = z.infer<typeof flaggerBody>;

/** Reads what Flagger sends; throws `invalid` with every problem. */
export function parseFlagger(body: unknown): FlaggerCall {
  return parseInput(flaggerBody, body, 'webhook');
}

/** Which release a call is about, as its Canary was told to say; undefined when it says too little. */
export type NamedRelease =
  | { readonly kind: 'release'; readonly id: string }
  | {
      readonly kind: 'version';
      readonly project: string;
      readonly environment: string;
      readonly service: string;
      readonly version: string;
    };

export function namedIn({ metadata }: FlaggerCall): NamedRelease | undefined {
  const { release, project, environment, service, version } = metadata;
  if (release !== undefined) return { kind: 'release', id: release };
  if (project === undefined || environment === undefined || service === undefined || version === undefined) {
    return undefined;
  }
  return { kind: 'version', project, environment, service, version };
}

/** Whether Flagger only says what it does. */
export function isNews(hook: FlaggerHook): hook is News {
  return NEWS.some((each) => each === hook);
}

/**
 * Whether Flagger is told to do what a webhook of a type stands for, by 200; anything else halts. Of `rollback` that is
 * to roll back, of all others to go on. `rollout` counts a halt as a failed check; those that confirm wait.
 */
export function isGo(hook: Exclude<FlaggerHook, News>, analysis: ReleaseAnalysis): boolean {
  switch (hook) {
    // Before anybody has the candidate, nothing can have been measured.
    case 'confirm-rollout':
    case 'pre-rollout':
      return mayBegin(analysis);
    case 'rollout':
    case 'confirm-traffic-increase':
    case 'confirm-promotion':
      return analysis.ok;
    case 'rollback':
      return analysis.verdict === 'fail';
  }
}
