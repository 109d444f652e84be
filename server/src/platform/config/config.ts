import type { z } from 'zod';
import { type AuthConfig, authSection } from './auth.js';
import { type DatabaseConfig, databaseSection } from './database.js';
import { type HttpConfig, httpSection } from './http.js';
import { type LoggingConfig, loggingSection } from './logging.js';
import { type MetricsConfig, metricsSection } from './metrics.js';
import { type RedisConfig, redisSection } from './redis.js';

/** All settings of one server process, each section on its own. */
export interface Config {
  readonly http: HttpConfig;
  readonly database: DatabaseConfig;
  readonly redis: RedisConfig;
  readonly auth: AuthConfig;
  readonly logging: LoggingConfig;
  readonly metrics: MetricsConfig;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the environment; throws one Error that names every problem at once and shows no value of a secret. */
export function parseConfig(environment: Environment): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const problems: string[] = [];
  const read = <T>(section: z.ZodType<T>): T | undefined => {
    const parsed = section.safeParse(present);
    if (parsed.success) return parsed.data;
    problems.push(...parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`));
    return undefined;
  };
  const http = read(httpSection);
  const database = read(databaseSection);
  const redis = read(redisSection);
  const auth = read(authSection);
  const logging = read(loggingSection);
  const metrics = read(metricsSection);
  if (http && database && redis && auth && logging && metrics) return { http, database, redis, auth, logging, metrics };
  throw new Error(`The settings in the environment cannot be used:\n${problems.join('\n')}`);
}

/** Reads the settings of this process. The only place that looks at `process.env`. */
export function loadConfig(): Config {
  return parseConfig(process.env);
}
