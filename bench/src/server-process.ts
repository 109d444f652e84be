/** A Sluice server on an in-memory store, in a process of its own; tells its parent where it listens. */
import { parseConfig } from '@sluice/server/config';
import { startServer } from '@sluice/server/start-server';

const { url, adminToken } = await startServer(
  parseConfig({ SLUICE_HTTP_PORT: '0', SLUICE_DATA_DIR: 'memory://', SLUICE_LOG_LEVEL: 'warn' }),
);
process.send?.({ url, adminToken });
// Whoever asks is told what this process has cost so far.
process.on('message', () => process.send?.(process.cpuUsage()));
