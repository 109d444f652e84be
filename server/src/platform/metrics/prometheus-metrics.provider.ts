import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import { settledWithin } from '../jobs/settled-within.js';
import { SERVER_VERSION } from '../version.js';
import { type Families, Metrics, type Readings, type Sample } from './metrics.js';

/** Well within the ten seconds that Prometheus waits for a scrape. */
const PATIENCE_MS = 2_000;
/** Gauges whose names end as counters' do: linters object, and nobody needs them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

interface Source {
  readonly families: Families;
  /** What was read for the scrape that is under way. */
  readings: Readings<Families>;
  readonly read: () => Readings<Families> | Promise<Readings<Families>>;
}

/** What Prometheus is told, in its text format. */
@Injectable()
export class PrometheusMetrics extends Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  private readonly registry = new Registry();
  private readonly sources: Source[] = [];
  private scraping: Promise<string> | undefined;
  private failures = 0;
  private isWatched = false;

  constructor() {
    super();
    this.add(
      {
        sluice_build_info: { type: 'gauge', help: 'Always 1; the version that runs, and the Node.js it runs on.' },
        sluice_scrape_failures_total: {
          type: 'counter',
          help: 'Readings that failed or took too long, and left their families out of a scrape of this replica.',
        },
      },
      () => ({
        sluice_build_info: [{ labels: { version: SERVER_VERSION, node: process.versions.node }, value: 1 }],
        sluice_scrape_failures_total: [{ labels: {}, value: this.failures }],
      }),
    );
  }

  override add<F extends Families>(families: F, read: () => Readings<F> | Promise<Readings<F>>): void {
    // Read again by the names that it was given with.
    const source: Source = { families, readings: {}, read: read };
    for (const [name, { type, help }] of Object.entries(families)) {
      const metric = { name, help, type, get: () => ({ name, help, type, values: linesOf(source, name) }) };
      // All that a registry asks of a metric is its name and `get`.
      this.registry.registerMetric(metric as unknown as Metric);
    }
    this.sources.push(source);
  }

  /** Everything there is to tell now. Who asks while another's answer is on its way gets that. */
  scrape(): Promise<string> {
    this.scraping ??= this.read().finally(() => (this.scraping = undefined));
    return this.scraping;
  }

  private async read(): Promise<string> {
    this.watchProcess();
    await Promise.all(this.sources.map((source) => this.readSource(source)));
    return this.registry.metrics();
  }

  /** From the first scrape on: a server that nobody watches measures neither its event loop nor its collections. */
  private watchProcess(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
  }

  private async readSource(source: Source): Promise<void> {
    source.readings = {};
    const reading = (async () => source.read())().then(
      (readings) => ({ readings }),
      () => undefined,
    );
    const read = (await settledWithin(reading, PATIENCE_MS)) ? await reading : undefined;
    if (read === undefined) this.failures += 1;
    else source.readings = read.readings;
  }
}

function linesOf({ readings }: Source, name: string): readonly object[] {
  const samples: readonly Sample[] = readings[name] ?? [];
  return samples.map(({ labels, value, line }) => ({
    labels,
    value,
    ...(line !== undefined && { metricName: `${name}_${line}` }),
  }));
}
