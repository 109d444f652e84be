import type { ServerWritableStream } from '@grpc/grpc-js';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import { plainText } from '../../kernel/plain-text.js';
import { StoreHealth } from '../health/store-health.js';
import { settledWithin } from '../jobs/settled-within.js';
import { Sweep } from '../jobs/sweep.js';
import { Drain } from '../shutdown/drain.service.js';
import {
  Health,
  type HealthCheckRequest,
  type HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from './generated/grpc/health/v1/health_pb.js';
import { answerStream, answerUnary } from './grpc-calls.js';
import { GrpcServices } from './grpc-services.js';
import { grpcService } from './service-definition.js';

type Answer = MessageInitShape<typeof HealthCheckResponseSchema>;

/** How soon those who watch hear of a change. */
const SWEEP_MS = 500;
/** A store that takes longer is as good as away. */
const PATIENCE_MS = 2_000;
/** Of a name that nobody knows: statuses are cut. */
const MAX_QUOTED = 200;

interface Watcher {
  readonly call: ServerWritableStream<HealthCheckRequest, Answer>;
  told: Status;
}

/** grpc.health.v1: a server is SERVING while it is ready, and each of its services with it. Public. */
@Injectable()
export class GrpcHealth implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('GrpcHealth');
  private readonly watchers = new Set<Watcher>();
  private readonly sweep = new Sweep(() => this.tellWatchers(), {
    everyMs: SWEEP_MS,
    what: 'Looking for readiness',
  });

  constructor(
    private readonly services: GrpcServices,
    private readonly store: StoreHealth,
    private readonly drain: Drain,
  ) {}

  onModuleInit(): void {
    const { logger } = this;
    const service = grpcService(Health, {
      check: answerUnary(logger, (request) => this.check(request.service)),
      list: answerUnary(logger, () => this.list()),
      watch: answerStream(logger, (request, call) => this.watch(request.service, call)),
    });
    this.services.add({ ...service, isPublic: true });
    this.sweep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const { call } of this.watchers) call.write({ status: Status.NOT_SERVING });
    this.watchers.clear();
    await this.sweep.stop();
  }

  private async check(service: string): Promise<Answer> {
    if (this.knows(service)) return { status: await this.status() };
    const name = plainText(service, MAX_QUOTED);
    throw notFound('GRPC_SERVICE_UNKNOWN', `There is no service "${name}" here; list them by reflection.`);
  }

  private async list(): Promise<{ statuses: Record<string, Answer> }> {
    const status = await this.status();
    return { statuses: Object.fromEntries(['', ...this.names()].map((name) => [name, { status }])) };
  }

  private async watch(service: string, call: Watcher['call']): Promise<void> {
    // It stays so: services are added before the port is opened.
    if (!this.knows(service)) return void call.write({ status: Status.SERVICE_UNKNOWN });
    const watcher = { call, told: await this.status() };
    if (call.destroyed) return;
    call.write({ status: watcher.told });
    this.watchers.add(watcher);
    call.once('close', () => this.watchers.delete(watcher));
  }

  private async tellWatchers(): Promise<void> {
    if (this.watchers.size === 0) return;
    const status = await this.status();
    for (const watcher of this.watchers) {
      // Who has not taken what it was told last hears of the newest when it has.
      if (watcher.told === status || watcher.call.writableLength > 0) continue;
      watcher.call.write({ status });
      watcher.told = status;
    }
  }

  private async status(): Promise<Status> {
    if (this.drain.isLeaving) return Status.NOT_SERVING;
    const answered = this.store.ping().then(
      () => Status.SERVING,
      () => Status.NOT_SERVING,
    );
    return (await settledWithin(answered, PATIENCE_MS)) ? answered : Status.NOT_SERVING;
  }

  private knows(service: string): boolean {
    return service === '' || this.names().includes(service);
  }

  private names(): readonly string[] {
    return this.services.list().flatMap(({ file }) => file.services.map(({ typeName }) => typeName));
  }
}
