import type { Command } from 'commander';
import { renderInstance } from '../render/render-instances.js';
import type { Run, Session } from '../session.js';
import { countOption, withExamples } from './options.js';

export interface InstanceView {
  readonly id: string;
  readonly version: string;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly leaseUntil: string;
}

interface RegisterOptions {
  readonly address: string;
  readonly port: number;
  readonly weight?: number;
  readonly lease?: number;
}

/** `sluice instance …`: where the instances of services listen, for routers that send callers to them. */
export function addInstance(program: Command, run: Run): void {
  const group = program.command('instance').summary('where the instances of services listen, for xDS');
  const pathOf = (
    session: Session,
    service: string,
    environment: string,
    ...rest: readonly string[]
  ): Promise<string> => session.pathOf('environments', environment, 'services', service, 'instances', ...rest);

  const register = group
    .command('register <service> <version> <environment> <id>')
    .description('Registers an instance, or renews its lease: do it three times as often as the lease is long.')
    .requiredOption('--address <ip>', 'the IP address that callers reach it at')
    .addOption(countOption('--port <port>', 'the port that it listens on').makeOptionMandatory())
    .addOption(countOption('--weight <count>', 'how much it takes beside others of its version; 1 unless said'))
    .addOption(countOption('--lease <seconds>', 'how long it is taken to listen unheard of; 30 unless said'))
    .action((...given: readonly [string, string, string, string, RegisterOptions, Command]) => {
      const [service, version, environment, id, options, self] = given;
      return run(self, async (session) => {
        const { address, port, weight, lease: leaseSeconds } = options;
        const body = {
          ...{ version, address, port },
          ...(weight !== undefined && { weight }),
          ...(leaseSeconds !== undefined && { leaseSeconds }),
        };
        const path = await pathOf(session, service, environment, id);
        const registered = await session.request<InstanceView>('PUT', path, { body });
        session.print(registered, [`Registered ${renderInstance(registered)}.`]);
      });
    });
  withExamples(register, 'sluice instance register checkout v2 production pod-7 --address 10.0.0.7 --port 50051');

  group
    .command('leave <service> <environment> <id>')
    .description('Takes an instance out, so that nobody is sent to it: do this before it ends.')
    .action((service: string, environment: string, id: string, _options: object, self: Command) =>
      run(self, async (session) => {
        await session.request('DELETE', await pathOf(session, service, environment, id), {});
        session.print({ id }, [`Nobody is sent to ${id} any more.`]);
      }),
    );

  group
    .command('list <service> <environment>')
    .description('Lists where the instances of a service listen, with those whose lease has ended.')
    .action((service: string, environment: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const listed = await session.get<{ items: readonly InstanceView[] }>(
          await pathOf(session, service, environment),
        );
        session.print(listed, listed.items.length === 0 ? ['No instances.'] : listed.items.map(renderInstance));
      }),
    );
}
