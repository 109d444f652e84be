import type { MetricSubject } from '../analysis/index.js';
import type { QueryMetric } from '../policies/index.js';
import { subjectOf } from './ramp-target.js';
import type { Rollout } from './rollout.js';

/** Whose series a query is asked for. */
export interface QuerySubject {
  /** `service/checkout`, `flag/new-cart`. */
  readonly name: string;
  readonly stable: MetricSubject;
  readonly candidate: MetricSubject;
}

/** Each service that is ramped; without one, each flag, whose variations then stand for versions. */
export function querySubjects({ targets }: Pick<Rollout, 'targets'>, environment: string): readonly QuerySubject[] {
  const services = targets.flatMap((target): readonly QuerySubject[] => {
    if (target.kind !== 'service') return [];
    const { service, before, candidate } = target;
    const stable = { service, environment, version: before.stable.version };
    return [{ name: subjectOf(target), stable, candidate: { service, environment, version: candidate.version } }];
  });
  if (services.length > 0) return services;
  return targets.flatMap((target) => {
    if (target.kind !== 'flag' || target.ramp === null) return [];
    const { flag, ramp } = target;
    const stable = { service: flag, environment, version: ramp.stable };
    return [{ name: subjectOf(target), stable, candidate: { service: flag, environment, version: ramp.candidate } }];
  });
}

/** What a query's measurements of a subject are remembered by. */
export function queryKey(subject: string, { name }: Pick<QueryMetric, 'name'>): string {
  return `${subject} ${name}`;
}
