/**
 * `npm run topology [-- --json]`: the topology of docker-compose.yml without an engine: three servers behind nginx, on a
 * PostgreSQL and a Redis of their own, watched by Prometheus, all on free ports of the loopback interface. Programs are
 * found, or on Debian installed, as the tests' are. Says where everything is, as JSON if asked, and holds it until
 * Ctrl-C or until whoever started it is gone. Settings of the servers (`SLUICE_…`) are taken from the environment.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startTopology, type Topology } from './topology/start-topology.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const settings = Object.entries(process.env).filter(([name]) => name.startsWith('SLUICE_'));
const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
// Nobody is to read on where a test was killed.
if (values.json) process.stdin.resume().once('end', () => process.kill(process.pid, 'SIGTERM'));

const topology = await startTopology(Object.fromEntries(settings) as Record<string, string>); // what is set is a string
console.log(values.json ? JSON.stringify(addressesOf(topology)) : inWords(topology));
const hold = setInterval(() => undefined, 60_000);
await ended;
clearInterval(hold);
await topology.stop();
process.exit();

function addressesOf({ balancer, replicas, prometheusUrl, adminToken }: Topology): object {
  const { url, grpc } = balancer;
  return {
    url,
    grpc,
    adminToken,
    prometheusUrl,
    replicas: replicas.map(({ pid, http, grpc: own }) => ({ pid, http, grpc: own })),
  };
}

function inWords({ balancer, replicas, prometheusUrl, adminToken }: Topology): string {
  const lines = [
    `Sluice      ${balancer.url}  (gRPC at ${balancer.grpc})`,
    `Admin token ${adminToken}`,
    `Prometheus  ${prometheusUrl}`,
    ...replicas.map(
      ({ pid, http, grpc }, index) => `Replica ${index + 1}   http://${http}  (gRPC at ${grpc}; process ${pid})`,
    ),
    'Ctrl-C ends it all.',
  ];
  return lines.join('\n');
}
