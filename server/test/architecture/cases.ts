import type { RuleName } from './rules/index.js';

/** Files by path below server/src (or sdk/…), each a source text. */
type Files = Readonly<Record<string, string>>;

export interface Case {
  readonly rule: RuleName;
  readonly says: string;
  readonly breaks: Files;
  /** Where the rule speaks up, as `path:line`. */
  readonly at: readonly string[];
  readonly keeps: Files;
}

const repository = { 'flags/flags.repository.ts': 'export class FlagsRepository {}' };
const service = { 'flags/flags.service.ts': 'export class FlagsService {}' };
const permission = `import { Public, RequirePermission } from '../transport/require-permission.decorator.js';\n`;

export const cases: readonly Case[] = [
  {
    rule: 'folders have a place in the layer order',
    says: 'a new folder',
    breaks: { 'billing/invoice.ts': '' },
    at: ['billing/invoice.ts:1'],
    keeps: { 'parallel-runs/compare.ts': '', 'traffic/share.ts': '', 'transport/wire-codes.ts': '' },
  },
  {
    rule: 'folders have a place in the layer order',
    says: 'a stray file at the root',
    breaks: { 'flag.ts': '' },
    at: ['flag.ts:1'],
    keeps: { 'main.ts': '', 'app.module.ts': '' },
  },
  {
    rule: 'imports go left',
    says: 'a layer to the right',
    breaks: {
      'flags/flag.ts': `import { a } from '../kernel/a.js';\nimport type { Rollout } from '../rollouts/index.js';`,
    },
    at: ['flags/flag.ts:2'],
    keeps: { 'rollouts/decide.ts': `import type { Flag } from '../flags/index.js';` },
  },
  {
    rule: 'imports go left',
    says: 'every kind of import',
    breaks: {
      'audit/a.ts': [
        `export { Flag } from '../flags/index.js';`,
        `export * from '../flags/index.js';`,
        `const late = await import('../flags/index.js');`,
        `type T = import('../flags/index.js').Flag;`,
        `import '../flags/index.js';`,
        `const old = require('../flags/index.js');`,
      ].join('\n'),
    },
    at: [1, 2, 3, 4, 5, 6].map((line) => `audit/a.ts:${String(line)}`),
    keeps: { 'audit/a.ts': `// import '../flags/index.js'\nconst text = "from '../flags/index.js'";` },
  },
  {
    rule: 'imports go left',
    says: 'transport beyond the kernel',
    breaks: { 'transport/rest-error.filter.ts': `import { log } from '../platform/logging/logger.js';` },
    at: ['transport/rest-error.filter.ts:1'],
    keeps: {
      'transport/rest-error.filter.ts': `import { AppError } from '../kernel/errors.js';`,
      'flags/flags.controller.ts': permission,
    },
  },
  {
    rule: 'imports go left',
    says: 'the kernel knowing transport',
    breaks: { 'kernel/errors.ts': `import { wireCodes } from '../transport/wire-codes.js';` },
    at: ['kernel/errors.ts:1'],
    keeps: { 'kernel/errors.ts': `import { share } from './share.js';` },
  },
  {
    rule: 'imports go left',
    says: 'a leaf or an entry point that is imported',
    breaks: {
      'releases/release.ts': `import { Hub } from '../delivery/index.js';`,
      'traffic/route.ts': `import { Hub } from '../delivery/index.js';`,
      'audit/a.ts': `import { app } from '../app.module.js';`,
    },
    at: ['releases/release.ts:1', 'traffic/route.ts:1', 'audit/a.ts:1'],
    keeps: {
      'delivery/hub.ts': `import type { Release } from '../releases/index.js';`,
      'main.ts': `import { Hub } from './delivery/hub.js';`,
    },
  },
  {
    rule: 'imports go left',
    says: 'a file outside server/src',
    breaks: { 'flags/flag.ts': `import { evaluate } from '../../../sdk/src/evaluation/evaluate.js';` },
    at: ['flags/flag.ts:1'],
    keeps: {
      'flags/flag.ts': `import { evaluate } from '@sluice/sdk/evaluation';`,
      'flags/flag.spec.ts': `import { aFlag } from '../../test/builders/a-flag.js';`,
    },
  },
  {
    rule: 'modules meet at their index',
    says: 'a deep import',
    breaks: { 'rollouts/decide.ts': `import { Flag } from '../flags/flag.js';` },
    at: ['rollouts/decide.ts:1'],
    keeps: {
      'rollouts/decide.ts': `import { Flag } from '../flags/index.js';\nimport { plan } from './plan/plan.js';`,
      'flags/flags.service.ts': `import { Clock } from '../kernel/clock.js';\nimport { Outbox } from '../platform/outbox/outbox.js';`,
      'app.module.ts': `import { FlagsModule } from './flags/flags.module.js';`,
    },
  },
  {
    rule: 'pure files import pure files',
    says: 'a package that does things',
    breaks: {
      'flags/flag.ts': `import { Injectable } from '@nestjs/common';\nimport { randomUUID } from 'node:crypto';\nimport type { Logger } from 'pino';`,
      'kernel/ids.ts': `import { v7 } from 'uuid';`,
      'sdk/src/evaluation/bucket.ts': `import { createHash } from 'node:crypto';`,
    },
    at: ['flags/flag.ts:1', 'flags/flag.ts:2', 'flags/flag.ts:3', 'kernel/ids.ts:1', 'sdk/src/evaluation/bucket.ts:1'],
    keeps: {
      'flags/flag.ts': `import { z } from 'zod';\nimport { evaluate } from '@sluice/sdk/evaluation';\nimport type { Batch } from '@sluice/sdk';`,
      'flags/flags.service.ts': `import { Injectable } from '@nestjs/common';`,
      'platform/logging/logger.ts': `import { pino } from 'pino';`,
    },
  },
  {
    rule: 'pure files import pure files',
    says: 'a file with a role, directly or through an index',
    breaks: {
      ...service,
      'flags/index.ts': `export { Flag } from './flag.js';\nexport { FlagsService } from './flags.service.js';`,
      'flags/flag.ts': `import type { FlagsService } from './flags.service.js';`,
      'rollouts/decide.ts': `import { FlagsService } from '../flags/index.js';`,
    },
    at: ['flags/flag.ts:1', 'rollouts/decide.ts:1'],
    keeps: {
      ...service,
      'flags/index.ts': `export { Flag } from './flag.js';\nexport * from './serve.js';\nexport { FlagsService } from './flags.service.js';`,
      'flags/flag.ts': `import { serve } from './serve.js';`,
      'flags/serve.ts': `import { share } from '../kernel/share.js';`,
      'rollouts/decide.ts': `import { Flag } from '../flags/index.js';`,
    },
  },
  {
    rule: 'pure files import pure files',
    says: 'the platform, but for its ports',
    breaks: {
      'platform/outbox/outbox.ts': `import { Prisma } from '../prisma/prisma.js';\nexport class Outbox {}`,
      'platform/bus/local-bus.ts': `export const started = Date.now();`,
      'flags/flag.ts': `import { Outbox } from '../platform/outbox/outbox.js';\nimport type { Row } from '../platform/prisma/generated/client.js';\nimport { started } from '../platform/bus/local-bus.js';`,
    },
    at: ['flags/flag.ts:1', 'flags/flag.ts:2', 'flags/flag.ts:3'],
    keeps: {
      'platform/bus/bus.ts': `import type { Json } from '../../kernel/json.js';\nexport class Topic {}`,
      'flags/flag.ts': `import type { Outbox } from '../platform/outbox/outbox.js';\nimport { Topic } from '../platform/bus/bus.js';`,
    },
  },
  {
    rule: 'pure files ask no ambience',
    says: 'time, chance, settings and output',
    breaks: {
      'flags/flag.ts': [
        `const now = Date.now();`,
        `const date = new Date();`,
        `const chance = Math.random();`,
        `const level = process.env.LEVEL;`,
        `console.log(level);`,
        `const id = crypto.randomUUID();`,
        `const clock = { now: Date['now'] };`,
        `setTimeout(() => {}, 5);`,
      ].join('\n'),
      'sdk/src/evaluation/bucket.ts': `export const tick = performance.now();`,
    },
    at: [...[1, 2, 3, 4, 5, 6, 7, 8].map((line) => `flags/flag.ts:${String(line)}`), 'sdk/src/evaluation/bucket.ts:1'],
    keeps: {
      'flags/flag.ts': [
        `export const due = (now: Date, at: string) => now < new Date(at) && Math.floor(1.5) > 0;`,
        `export const run = (process: { env: string }) => process.env;`,
        `export interface Console { readonly console: string }`,
      ].join('\n'),
      'flags/flags.service.ts': `export const at = Date.now();`,
      'flags/flag.spec.ts': `const at = Date.now();`,
      'flags/index.ts': ``,
    },
  },
  {
    rule: 'the evaluator stands alone',
    says: 'an import from outside',
    breaks: {
      'sdk/src/evaluation/evaluate.ts': `import { z } from 'zod';\nimport type { Batch } from '../telemetry/batch.js';`,
    },
    at: ['sdk/src/evaluation/evaluate.ts:1', 'sdk/src/evaluation/evaluate.ts:2'],
    keeps: {
      'sdk/src/evaluation/evaluate.ts': `import { bucket } from './bucket.js';`,
      'sdk/src/evaluation/evaluate.spec.ts': `import fc from 'fast-check';`,
      'sdk/src/telemetry/batch.ts': `import type { Reason } from '../evaluation/reason.js';`,
    },
  },
  {
    rule: 'calls go one hop down',
    says: 'a transport at the repository, a service at its controller, a repository at its service',
    breaks: {
      ...repository,
      'flags/flags.resolver.ts': `import { FlagsRepository } from './flags.repository.js';`,
      'flags/sweep.job.ts': `import type { FlagsRepository } from './flags.repository.js';`,
      'flags/flags.service.ts': `import { Sweep } from './sweep.job.js';`,
      'flags/other.repository.ts': `import { FlagsService } from './flags.service.js';`,
    },
    at: [
      'flags/flags.resolver.ts:1',
      'flags/sweep.job.ts:1',
      'flags/flags.service.ts:1',
      'flags/other.repository.ts:1',
    ],
    keeps: {
      ...repository,
      'flags/flags.service.ts': `import { FlagsRepository } from './flags.repository.js';`,
      'flags/flags.controller.ts': `import { FlagsService } from './flags.service.js';`,
      'flags/flags.module.ts': `import { FlagsRepository } from './flags.repository.js';`,
    },
  },
  {
    rule: 'calls go one hop down',
    says: 'a repository behind an index',
    breaks: {
      ...repository,
      'flags/index.ts': `export * from './flags.repository.js';`,
      'rollouts/rollouts.controller.ts': `import { FlagsRepository } from '../flags/index.js';`,
    },
    at: ['rollouts/rollouts.controller.ts:1'],
    keeps: {
      ...service,
      'flags/index.ts': `export { FlagsService } from './flags.service.js';`,
      'rollouts/rollouts.controller.ts': `import { FlagsService } from '../flags/index.js';`,
    },
  },
  {
    rule: 'the database stays below services',
    says: 'a controller or a service that queries',
    breaks: {
      'flags/flags.controller.ts': `import { PrismaService } from '../platform/prisma/prisma.service.js';`,
      'flags/flags.service.ts': `import type { Prisma } from '@prisma/client';`,
    },
    at: ['flags/flags.controller.ts:1', 'flags/flags.service.ts:1'],
    keeps: {
      'flags/flags.repository.ts': `import { PrismaService } from '../platform/prisma/prisma.service.js';`,
      'platform/prisma/prisma.service.ts': `import { PrismaClient } from './generated/client.js';`,
    },
  },
  {
    rule: 'Prisma stays in repositories',
    says: 'a row type that leaks',
    breaks: {
      'flags/flags.module.ts': `import type { Flag } from '../platform/prisma/generated/client.js';\nimport { PrismaPg } from '@prisma/adapter-pg';`,
    },
    at: ['flags/flags.module.ts:1', 'flags/flags.module.ts:2'],
    keeps: {
      'flags/flags.repository.ts': `import type { Flag } from '../platform/prisma/generated/client.js';`,
      'platform/prisma/database.provider.ts': `import { PrismaPg } from '@prisma/adapter-pg';`,
      'flags/flags.module.ts': `import { PrismaModule } from '../platform/prisma/prisma.module.js';`,
    },
  },
  {
    rule: 'routes declare their permission',
    says: 'a route or field without a declaration',
    breaks: {
      'flags/flags.controller.ts': `${permission}class C {\n  @Get('flags') list() {}\n  @Post() @RequirePermission('flag.write') create() {}\n}`,
      'flags/flags.resolver.ts': `${permission}class R {\n  @ResolveField(() => [Rule])\n  rules() {}\n}`,
    },
    at: ['flags/flags.controller.ts:3', 'flags/flags.resolver.ts:4'],
    keeps: {
      'flags/flags.controller.ts': `${permission}class C {\n  @Get() @Public() list() {}\n  @RequirePermission('flag.write') @Post() create(@Query() q: Q) {}\n  assist() {}\n}`,
      'flags/flags.resolver.ts': `${permission}@RequirePermission('flag.read')\n@Resolver()\nclass R {\n  @Query(() => Flag) flag() {}\n  @Subscription() changed() {}\n}`,
    },
  },
  {
    rule: 'routes declare their permission',
    says: 'a namesake that declares nothing',
    breaks: {
      'flags/flags.controller.ts': `const Public = () => () => {};\nclass C {\n  @Get() @Public() list() {}\n}`,
    },
    at: ['flags/flags.controller.ts:3'],
    keeps: { 'flags/flags.controller.ts': `${permission}class C {\n  @Get() @Public() list() {}\n}` },
  },
  {
    rule: 'the environment is read once',
    says: 'a second reader, also in disguise',
    breaks: {
      'main.ts': `const { env } = process;`,
      'platform/health.controller.ts': `const url = process.env.DATABASE_URL;\nconst other = process['env'];`,
      'delivery/hub.service.ts': `import { env } from 'node:process';\nconst port = globalThis.process.env.PORT;`,
    },
    at: [
      'main.ts:1',
      'platform/health.controller.ts:1',
      'platform/health.controller.ts:2',
      'delivery/hub.service.ts:1',
      'delivery/hub.service.ts:2',
    ],
    keeps: {
      'platform/config/config.ts': `export const config = parse(process.env);`,
      'main.ts': `process.once('SIGTERM', stop);\nprocess.exitCode = 1;`,
    },
  },
  {
    rule: 'files are named for their export',
    says: 'names that say nothing, or in another style',
    breaks: {
      'flags/flag-utils.ts': '',
      'platform/common/bus.ts': '',
      'rollouts/rollout-manager.service.ts': '',
      'flags/flagRules.ts': '',
      'flags/flag.dto.ts': '',
      'sdk/src/delivery/helpers.ts': '',
    },
    at: [
      'flags/flag-utils.ts:1',
      'platform/common/bus.ts:1',
      'rollouts/rollout-manager.service.ts:1',
      'flags/flagRules.ts:1',
      'flags/flag.dto.ts:1',
      'sdk/src/delivery/helpers.ts:1',
    ],
    keeps: {
      'flags/validate-flag.ts': '',
      'flags/flags.repository.int.spec.ts': '',
      'transport/require-permission.decorator.ts': '',
      'kernel/commonality.ts': '',
    },
  },
  {
    rule: 'exports are named',
    says: 'a default export',
    breaks: {
      'flags/flag.ts': `export default class Flag {}`,
      'flags/serve.ts': `const serve = 1;\nexport default serve;`,
      'flags/rule.ts': `const rule = 1;\nexport { rule as default };`,
    },
    at: ['flags/flag.ts:1', 'flags/serve.ts:2', 'flags/rule.ts:2'],
    keeps: { 'flags/flag.ts': `import fastify from 'fastify';\nexport class Flag {}\nswitch (1) { default: }` },
  },
  {
    rule: 'words are unions, not enums',
    says: 'an enum',
    breaks: { 'flags/flag.ts': `export const enum Purpose { release }` },
    at: ['flags/flag.ts:1'],
    keeps: { 'flags/flag.ts': `export type Purpose = 'release' | 'experiment';` },
  },
  {
    rule: 'interfaces have no prefix',
    says: 'an I',
    breaks: { 'kernel/clock.ts': `export interface IClock {}` },
    at: ['kernel/clock.ts:1'],
    keeps: { 'kernel/clock.ts': `export interface Identity {}\nexport interface IPAddress {}` },
  },
];
