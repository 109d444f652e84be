import type { z } from 'zod';
import { type AuthConfig, authSection } from './auth.js';
import { type DatabaseConfig, databaseSection } from './database.js';
import { type FlagdConfig, flagdSection } from './flagd.js';
import { type GatesConfig, gatesSection } from './gates.js';
import { type GrpcConfig, grpcSection } from './grpc.js';
import { type HttpConfig, httpSection } from './http.js';
import { type LoggingConfig, loggingSection } from './logging.js';
import { type MetricsConfig, metricsSection } from './metrics.js';
import { type OidcConfig, oidcSection } from './oidc.js';
import { type RedisConfig, redisSection } from './redis.js';
import { type ScrapeConfig, scrapeSection } from './scrape.js';
import { type ShutdownConfig, shutdownSection } from './shutdown.js';
import { type TracingConfig, tracingSection } from './tracing.js';
import { type TrafficConfig, trafficSection } from './traffic.js';
import { type WebhookConfig, webhookSection } from './webhooks.js';
import { type RolloutsConfig, rolloutsSection } from './rollouts.js';

/** All settings of one server process, each section on its own. */
export interface Config {
  readonly http: HttpConfig;
  readonly grpc: GrpcConfig;
  readonly flagd: FlagdConfig;
  readonly database: DatabaseConfig;
  readonly redis: RedisConfig;
  readonly auth: AuthConfig;
  readonly oidc: OidcConfig;
  readonly logging: LoggingConfig;
  readonly rollouts: RolloutsConfig;
  readonly metrics: MetricsConfig;
  readonly scrape: ScrapeConfig;
  readonly webhooks: WebhookConfig;
  readonly gates: GatesConfig;
  readonly traffic: TrafficConfig;
  readonly shutdown: ShutdownConfig;
  readonly tracing: TracingConfig;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const sections: { readonly [Name in keyof Config]: z.ZodType<Config[Name]> } = {
  http: httpSection,
  grpc: grpcSection,
  flagd: flagdSection,
  database: databaseSection,
  redis: redisSection,
  auth: authSection,
  oidc: oidcSection,
  logging: loggingSection,
  rollouts: rolloutsSection,
  metrics: metricsSection,
  scrape: scrapeSection,
  webhooks: webhookSection,
  gates: gatesSection,
  traffic: trafficSection,
  shutdown: shutdownSection,
  tracing: tracingSection,
};

/** Parses the environment; throws one Error that names every problem at once and shows no value of a secret. */
export function parseConfig(environment: Environment): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const problems: string[] = [];
  const read = ([name, section]: [string, z.ZodType]): readonly [string, unknown] => {
    const parsed = section.safeParse(present);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`));
    }
    return [name, parsed.data];
  };
  const config = Object.fromEntries(Object.entries(sections).map(read));
  if (problems.length > 0) {
    throw new Error(`The settings in the environment cannot be used:\n${problems.join('\n')}`);
  }
  // Without problems every section was read.
  return config as unknown as Config;
}

/** Reads the settings of this process. The only place that looks at `process.env`. */
export function loadConfig(): Config {
  return parseConfig(process.env);
}
