import { z } from 'zod';
import { invalid } from '../kernel/errors.js';
import type { Permission } from '../kernel/permission.js';
import type { Scope } from '../kernel/scope.js';
import { DELIVER, MANAGE, READ } from './role.js';

/** `admin` manages, `ci` delivers, `server` and `client` evaluate in one environment; a client never sees rules. */
export const TOKEN_KINDS = ['admin', 'ci', 'server', 'client'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** A credential as it is stored: its hash, never itself. */
export interface AccessToken {
  readonly id: string;
  readonly kind: TokenKind;
  readonly name: string;
  /** Bound to one project; null: the whole instance. */
  readonly projectId: string | null;
  /** Bound to one environment; null: every environment of its project. */
  readonly environmentId: string | null;
  readonly hash: string;
  /** The token's last four characters, for people to tell tokens apart. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** The token this one was made to replace. */
  readonly replacesId: string | null;
  /** The person it was made for, as its maker said; null: nobody said. */
  readonly owner: string | null;
  /** The token it was made with, or the person who made it; null: made by the server, or before this was kept. */
  readonly createdBy: string | null;
}

const PERMISSIONS_OF: Readonly<Record<TokenKind, ReadonlySet<Permission>>> = {
  admin: new Set(MANAGE),
  ci: new Set([...READ, ...DELIVER]),
  server: new Set<Permission>(['snapshot.read', 'evaluation.read', 'telemetry.write', 'instance.write']),
  client: new Set<Permission>(['evaluation.read']),
};

/** What a kind of token may do. */
export function permissionsOf(kind: TokenKind): ReadonlySet<Permission> {
  return PERMISSIONS_OF[kind];
}

/** Where a token may act. */
export function scopeOfToken({ projectId, environmentId }: Pick<AccessToken, 'projectId' | 'environmentId'>): Scope {
  return projectId === null ? 'instance' : [{ projectId, environmentId: environmentId ?? undefined }];
}

/** Tells kinds that manage from kinds that services hold: a whole fleet shares one of those, so it is not counted. */
export function isManagement(kind: TokenKind): boolean {
  return kind === 'admin' || kind === 'ci';
}

/** Until when a token works: null without end. Revocation counts as an end. */
export function endOf(token: Pick<AccessToken, 'expiresAt' | 'revokedAt'>): Date | null {
  const { expiresAt, revokedAt } = token;
  if (expiresAt === null || revokedAt === null) return expiresAt ?? revokedAt;
  return expiresAt < revokedAt ? expiresAt : revokedAt;
}

/** Tells whether a token works at a moment. */
export function isUsable(token: Pick<AccessToken, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  const end = endOf(token);
  return end === null || now < end;
}

/** `slu_server_…`: the kind in clear, so that people and scanners see what they hold. */
export function formatToken(kind: TokenKind, secret: string): string {
  return `slu_${kind}_${secret}`;
}

const TOKEN = /^slu_(admin|ci|server|client)_[A-Za-z0-9_-]{32,}$/u;

/** Tells whether a text has the shape of a token; only such are looked up. */
export function isTokenShaped(text: string): boolean {
  return text.length <= 200 && TOKEN.test(text);
}

export const tokenDraftSchema = z
  .strictObject({
    kind: z.enum(TOKEN_KINDS),
    name: z.string().trim().min(1).max(200),
    project: z.string().optional().describe('Key of the project it is bound to; needed for all kinds but admin'),
    environment: z.string().optional().describe('Key of the environment it is bound to; needed for server and client'),
    owner: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('The person it is for, such as an address: tokens of one owner count as one person in approvals'),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  })
  .superRefine((draft, issues) => {
    const missing = (field: 'project' | 'environment'): void =>
      issues.addIssue({
        code: 'custom',
        path: [field],
        message: `a ${draft.kind} token must be bound to one ${field}`,
      });
    if (draft.kind !== 'admin' && draft.project === undefined) missing('project');
    if ((draft.kind === 'server' || draft.kind === 'client') && draft.environment === undefined) missing('environment');
    if (draft.kind === 'admin' && draft.environment !== undefined) {
      issues.addIssue({
        code: 'custom',
        path: ['environment'],
        message: 'an admin token cannot be bound to one environment',
      });
    }
    if (draft.environment !== undefined && draft.project === undefined) {
      issues.addIssue({ code: 'custom', path: ['project'], message: 'say which project the environment belongs to' });
    }
  })
  .meta({ id: 'TokenDraft' });

const MAX_OVERLAP_SECONDS = 30 * 24 * 3_600;

export const rotationSchema = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_SECONDS)
      .default(24 * 3_600),
  })
  .meta({ id: 'TokenRotation' });

/** Why a token is revoked: for people, and for the record. */
export const revocationSchema = z.strictObject({ reason: z.string().trim().min(1).max(1_000).optional() });

/** The old token of a rotation: it works until the overlap is over, or until its own end if that is earlier. */
export function endAfterOverlap(token: AccessToken, overlapSeconds: number, now: Date): AccessToken {
  const overlapEnd = new Date(now.getTime() + overlapSeconds * 1_000);
  const expiresAt = token.expiresAt !== null && token.expiresAt < overlapEnd ? token.expiresAt : overlapEnd;
  return { ...token, expiresAt };
}

/** When the successor of a rotated token ends: it lives as long as the old one was made to. */
export function endOfSuccessor(token: AccessToken, now: Date): Date | null {
  if (token.expiresAt === null) return null;
  return new Date(now.getTime() + token.expiresAt.getTime() - token.createdAt.getTime());
}

/** Refuses an end that has already passed. */
export function requireFuture(expiresAt: Date, now: Date): void {
  if (expiresAt > now) return;
  throw invalid('EXPIRY_PASSED', `"expiresAt" is ${expiresAt.toISOString()}, which has passed; choose a later time.`);
}
