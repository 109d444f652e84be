import type { MetricProvider } from '../../src/analysis/index.js';
import { AuditRepository } from '../../src/audit/audit.repository.js';
import { AuditService } from '../../src/audit/index.js';
import { EventLog } from '../../src/events/index.js';
import { EventsRepository } from '../../src/events/events.repository.js';
import { FlagCatalog } from '../../src/flags/flag-catalog.service.js';
import { FlagHolds } from '../../src/flags/flag-holds.service.js';
import { FlagSettingsRepository } from '../../src/flags/flag-settings.repository.js';
import { FlagsRepository } from '../../src/flags/flags.repository.js';
import { KillSwitch } from '../../src/flags/kill-switch.service.js';
import { SettingsEditor } from '../../src/flags/settings-editor.service.js';
import { SettingsWriter } from '../../src/flags/settings-writer.service.js';
import { GuardrailChecks } from '../../src/guardrails/guardrail-checks.service.js';
import { GuardrailEffects } from '../../src/guardrails/guardrail-effects.service.js';
import { GuardrailMeasurements } from '../../src/guardrails/guardrail-measurements.service.js';
import { GuardrailsRepository } from '../../src/guardrails/guardrails.repository.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { Ids } from '../../src/kernel/ids.js';
import type { Transactions } from '../../src/kernel/transactions.js';
import { InProcessBus } from '../../src/platform/bus/in-process-bus.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { OutboxRepository } from '../../src/platform/outbox/outbox.repository.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { EnvironmentRevisions, ProjectsReader } from '../../src/projects/index.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { SegmentReferrers } from '../../src/segments/segment-referrers.service.js';
import { SegmentsReader } from '../../src/segments/segments-reader.service.js';
import { SegmentsRepository } from '../../src/segments/segments.repository.js';
import { InstancesRepository } from '../../src/telemetry/instances.repository.js';
import { MeasurementsRepository } from '../../src/telemetry/measurements.repository.js';
import { MeasurementsReader, ReachReader } from '../../src/telemetry/index.js';

/** What a replica shares with others, and what it has of its own. */
interface ReplicaParts {
  readonly transactions: Transactions;
  readonly provider: MetricProvider;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Nobody listens in these tests. */
class QuietRelay extends OutboxRelay {
  override wake(): void {}
}

/** The checks of one server, on the repositories that servers really have. */
export function aGuardrailReplica({ transactions, provider, clock, ids }: ReplicaParts): GuardrailChecks {
  const messages = new OutboxRepository(clock);
  const outbox = new Outbox(messages, new QuietRelay(transactions, messages, new InProcessBus(() => undefined)));
  const environments = new EnvironmentsRepository();
  const projects = new ProjectsReader(new ProjectsRepository(), environments);
  const revisions = new EnvironmentRevisions(environments, outbox);
  const audit = new AuditService(transactions, new AuditRepository(), clock, outbox);
  const settings = new FlagSettingsRepository();
  const segments = new SegmentsReader(new SegmentsRepository());
  const catalog = new FlagCatalog(new FlagsRepository(), settings, projects, segments, new SegmentReferrers());
  const writer = new SettingsWriter(settings, catalog, audit, clock);
  const events = new EventLog(new EventsRepository(), ids, outbox);
  const kills = new KillSwitch(new SettingsEditor(writer, catalog, new FlagHolds(), revisions, events, clock));
  const guardrails = new GuardrailsRepository();
  const measurements = new GuardrailMeasurements(
    new MeasurementsReader(new MeasurementsRepository()),
    new ReachReader(new InstancesRepository(), clock),
  );
  const effects = new GuardrailEffects(guardrails, kills, events, audit);
  return new GuardrailChecks(
    transactions,
    guardrails,
    measurements,
    provider,
    projects,
    revisions,
    effects,
    clock,
    ids,
  );
}
