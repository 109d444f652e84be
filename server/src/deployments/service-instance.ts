import { z } from 'zod';
import { conflict } from '../kernel/errors.js';
import { parseInput } from '../kernel/parse.js';
import { versionSchema } from './deployment.js';

/** A running copy of a service that said where it listens. It is taken to until its lease ends, and renews it before. */
export interface ServiceInstance {
  /** What the instance calls itself: unique within its service and environment. */
  readonly id: string;
  readonly version: string;
  /** An IP address: clients of gRPC take nothing else. */
  readonly address: string;
  readonly port: number;
  /** How much it takes beside others of its version. */
  readonly weight: number;
  readonly leaseUntil: Date;
  readonly registeredAt: Date;
}

const INSTANCE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/u;

export const instanceDraftSchema = z
  .strictObject({
    version: versionSchema,
    address: z
      .union([z.ipv4(), z.ipv6()], { error: 'must be an IP address; clients of gRPC resolve no names here' })
      .describe('IP address that callers reach it at'),
    port: z.int().min(1).max(65_535),
    weight: z.int().min(1).max(1_000).default(1).describe('How much it takes beside others of its version'),
    leaseSeconds: z
      .int()
      .min(3)
      .max(3_600)
      .default(30)
      .describe('How long it is taken to listen without being heard of again; send this again three times as often'),
  })
  .meta({ id: 'InstanceDraft' });

export type InstanceDraft = z.output<typeof instanceDraftSchema>;

const identifiedSchema = z.object({
  id: z.string().regex(INSTANCE_ID, 'must be 1 to 128 letters, digits or any of . _ : -, a letter or digit first'),
});

/** Whether an instance could have this id. */
export function isInstanceId(id: string): boolean {
  return INSTANCE_ID.test(id);
}

/** Reads the body that registers an instance, and the id in its path; throws `invalid` with every problem. */
export function parseInstanceDraft(id: string, body: unknown): InstanceDraft & { readonly id: string } {
  const { id: parsed } = parseInput(identifiedSchema, { id }, 'instance');
  return { id: parsed, ...parseInput(instanceDraftSchema, body, 'instance') };
}

/** What a draft makes of an instance that may be registered already. */
export function registeredInstance(
  draft: InstanceDraft & { readonly id: string },
  { before, now }: { readonly before: ServiceInstance | null; readonly now: Date },
): ServiceInstance {
  const { id, version, address, port, weight, leaseSeconds } = draft;
  const leaseUntil = new Date(now.getTime() + leaseSeconds * 1_000);
  return { id, version, address, port, weight, leaseUntil, registeredAt: before?.registeredAt ?? now };
}

/** An instance, and who may speak for it. */
export interface HeldInstance extends ServiceInstance {
  /** The id of the token or person whose lease it is; null: anybody who may register. */
  readonly registeredBy: string | null;
}

/** Who registers an instance, or takes one out. */
export interface Registrar {
  readonly id: string;
  /** The token that this one replaces. */
  readonly replacesId: string | null;
  /** Admins and CI look after the instances of others too; services hold their own. */
  readonly maySpeakForOthers: boolean;
}

/**
 * Whose lease an instance is once a registrar has spoken for it. Throws `conflict` where somebody else's lease still
 * holds: one service's token would send another's callers wherever it likes.
 */
export function holderAfter(before: HeldInstance | null, registrar: Registrar, now: Date): string {
  const { id, replacesId, maySpeakForOthers } = registrar;
  const holder = before !== null && isLive(before, now) ? before.registeredBy : null;
  if (holder === null || holder === id || holder === replacesId) return id;
  if (maySpeakForOthers) return holder;
  const message =
    `Another token registered the instance "${before?.id ?? ''}", and its lease still holds: use that token or the one ` +
    'that replaced it, wait until the lease ends, have CI or an admin do it, or give each instance an id of its own.';
  throw conflict('INSTANCE_TAKEN', message, { data: { leaseUntil: before?.leaseUntil.toISOString() } });
}

/** Whether callers have to hear of it: a renewed lease alone is nothing to them. */
export function isNews(before: ServiceInstance | null, after: ServiceInstance, now: Date): boolean {
  if (before === null || !isLive(before, now)) return true;
  return (['version', 'address', 'port', 'weight'] as const).some((field) => before[field] !== after[field]);
}

/** Whether its lease still holds. */
export function isLive({ leaseUntil }: Pick<ServiceInstance, 'leaseUntil'>, now: Date): boolean {
  return leaseUntil > now;
}

/** An outage of Sluice that lasts longer has been noticed; instances whose lease ended longer ago have gone. */
const MISSED_FOR_MS = 10 * 60 * 1_000;

/**
 * The instances of one version that callers are sent to, by address and port: those whose lease holds, as long as they
 * are at least half of all. Fewer, and all are served. Leases end one by one where instances die; where most end
 * together it is their telling that has stopped, at Sluice or on the way to it, and instances that nobody vouches for
 * are better than none or than a few that bear everything. (Envoy's panic threshold, 50 % as there.) All are those whose
 * lease holds or ended in the last ten minutes: a version scaled down by a crash is not served its dead for long. Where
 * no lease of a version has held for longer than that, those are served that were last heard of: whom Sluice has not
 * heard of since an outage of its own began is better than nobody. Of two at one address and port the later registered
 * counts.
 */
export function servedInstances(instances: readonly ServiceInstance[], now: Date): readonly ServiceInstance[] {
  const byPlace = new Map<string, ServiceInstance>();
  for (const instance of [...instances].sort(byRegistration)) {
    byPlace.set(`${instance.address} ${String(instance.port).padStart(5, '0')}`, instance);
  }
  const all = [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, instance]) => instance);
  const last = Math.min(now.getTime(), Math.max(...all.map(({ leaseUntil }) => leaseUntil.getTime())));
  const recent = all.filter(({ leaseUntil }) => leaseUntil.getTime() > last - MISSED_FOR_MS);
  const live = recent.filter((instance) => isLive(instance, now));
  return live.length * 2 >= recent.length ? live : recent;
}

function byRegistration(a: ServiceInstance, b: ServiceInstance): number {
  return a.registeredAt.getTime() - b.registeredAt.getTime() || (a.id < b.id ? -1 : 1);
}
