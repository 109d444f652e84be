import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnapshotFlag } from '@sluice/sdk/evaluation';
import { featureOf } from '../peers/unleash-document.js';
import { type MeasuredServer, startMeasured } from './measured-server.js';

/** What `unleash-process.ts` is told. */
export interface UnleashSettings {
  readonly databaseUrl: string;
  /** A document of its own export format. */
  readonly file: string;
  readonly clientToken: string;
  readonly frontendToken: string;
}

export interface UnleashServer extends MeasuredServer {
  readonly clientToken: string;
  readonly frontendToken: string;
}

/** An Unleash on that database which begins with these flags. */
export async function startUnleash(databaseUrl: string, flags: readonly SnapshotFlag[]): Promise<UnleashServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const file = join(folder, 'flags.json');
    writeFileSync(file, JSON.stringify(exportOf(flags)));
    const secret = (): string => `*:development.${randomBytes(16).toString('hex')}`;
    const settings: UnleashSettings = { databaseUrl, file, clientToken: secret(), frontendToken: secret() };
    const server = await startMeasured('server/unleash-process.js', [JSON.stringify(settings)]);
    return { ...server, clientToken: settings.clientToken, frontendToken: settings.frontendToken };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function exportOf(flags: readonly SnapshotFlag[]): object {
  const features = flags.map(featureOf);
  return {
    features: features.map(({ name, type }) => ({ name, type, project: 'default' })),
    featureStrategies: features.flatMap(({ name: featureName, strategies }) =>
      strategies.map((strategy, sortOrder) => ({ ...strategy, featureName, sortOrder, segments: [] })),
    ),
    featureEnvironments: features.map(({ name }) => ({
      ...{ name, featureName: name, environment: 'development', enabled: true, type: 'development' },
    })),
    contextFields: [],
    featureTags: [],
    segments: [],
    tagTypes: [],
    dependencies: [],
  };
}
