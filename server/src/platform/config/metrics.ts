import { z } from 'zod';

/** The value of a header that policies name but never see, and the hosts it may be sent to. */
export interface MetricSecret {
  readonly hosts: readonly string[];
  readonly value: string;
}

/** Whom the server asks for measurements. */
export abstract class MetricsConfig {
  /** Hosts that may be asked: `name`, `name:port`, `*.name`; undefined: all but link-local addresses. */
  abstract readonly hosts: readonly string[] | undefined;
  /** By name, without the prefix of the setting. */
  abstract readonly secrets: ReadonlyMap<string, MetricSecret>;
}

const SECRET_PREFIX = 'SLUICE_METRIC_SECRET_';
const HOST = /^(?:\*\.)?(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/u;
const HOSTS_MALFORMED = 'must be hosts with commas between: name, name:port, *.name';
const SECRET_MALFORMED =
  'must be the hosts it may be sent to, a blank, and the header’s value: prometheus:9090 Bearer …';

export const metricsSection = z.record(z.string(), z.string().optional()).transform((env, context): MetricsConfig => {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  const listed = env['SLUICE_METRIC_HOSTS'];
  const hosts = listed === undefined ? undefined : parseHosts(listed);
  if (listed !== undefined && hosts === undefined) refuse('SLUICE_METRIC_HOSTS', HOSTS_MALFORMED);
  const secrets = new Map<string, MetricSecret>();
  for (const [setting, text] of Object.entries(env)) {
    if (!setting.startsWith(SECRET_PREFIX) || text === undefined) continue;
    const secret = parseSecret(text);
    if (secret) secrets.set(setting.slice(SECRET_PREFIX.length), secret);
    else refuse(setting, SECRET_MALFORMED);
  }
  return { hosts, secrets };
});

function parseHosts(text: string): readonly string[] | undefined {
  const hosts = text.split(',').map((each) => each.trim().toLowerCase());
  return hosts.every((each) => HOST.test(each)) ? hosts : undefined;
}

function parseSecret(text: string): MetricSecret | undefined {
  const [, listed, value] = /^(\S+)\s+([\x20-\x7e]+)$/u.exec(text.trim()) ?? [];
  const hosts = listed === undefined ? undefined : parseHosts(listed);
  return hosts === undefined || value === undefined ? undefined : { hosts, value };
}
