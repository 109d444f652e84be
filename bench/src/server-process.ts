/**
 * A Sluice server on an in-memory store, in a process of its own; tells its parent where it listens. Its argument, if
 * any, is JSON: settings on top of these.
 */
import { parseConfig } from '@sluice/server/config';
import { startServer } from '@sluice/server/start-server';
import { answerCosts } from './answer-costs.js';

// What our own benches write.
const settings = JSON.parse(process.argv[2] ?? '{}') as Readonly<Record<string, string>>;
const { url, grpcAddress, adminToken } = await startServer(
  parseConfig({
    SLUICE_HTTP_PORT: '0',
    SLUICE_GRPC_PORT: '0',
    SLUICE_DATA_DIR: 'memory://',
    SLUICE_LOG_LEVEL: 'warn',
    ...settings,
  }),
);
process.send?.({ url, grpcAddress, adminToken });
answerCosts();
