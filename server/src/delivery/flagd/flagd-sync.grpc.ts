import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { limited } from '../../kernel/errors.js';
import { FlagSyncService } from '../../platform/grpc/generated/flagd/sync/v1/sync_pb.js';
import { answerStream, answerUnary, failStream, writeTaken } from '../../platform/grpc/grpc-calls.js';
import { GrpcServices } from '../../platform/grpc/grpc-services.js';
import { type GrpcService, grpcService } from '../../platform/grpc/service-definition.js';
import { FlagdCallers } from './flagd-callers.provider.js';
import type { PreparedExport, SyncMessage } from './flagd-exports.service.js';
import { FlagdSyncs } from './flagd-syncs.service.js';

const SELECTOR_HEADER = 'flagd-selector';

type Asked = { readonly selector: string };
type SyncCall = ServerWritableStream<Asked, SyncMessage>;

/** flagd.sync.v1 on the gRPC port, for tokens that may read rules. */
@Injectable()
export class FlagdSyncGrpc implements OnModuleInit {
  private readonly logger = new Logger('FlagdSync');

  constructor(
    private readonly services: GrpcServices,
    private readonly callers: FlagdCallers,
    private readonly syncs: FlagdSyncs,
  ) {}

  onModuleInit(): void {
    const { logger } = this;
    const syncFlags = answerStream<Asked, SyncMessage>(logger, (request, call) => this.follow(request, call));
    const service = grpcService(FlagSyncService, {
      syncFlags,
      fetchAllFlags: answerUnary(logger, async (request, call) => {
        const { document } = await this.fetch(request, call);
        return { flagConfiguration: JSON.stringify(document) };
      }),
      getMetadata: answerUnary(logger, async (_request, call) => {
        const { document, uncarried } = await this.fetch({ selector: '' }, call);
        return { metadata: { ...document.metadata, uncarried: uncarried.map((each) => ({ ...each })) } };
      }),
    });
    this.services.add(writtenOnce(service, 'syncFlags'));
  }

  private async fetch({ selector }: Asked, call: Parameters<FlagdCallers['admit']>[0]): Promise<PreparedExport> {
    const caller = await this.callers.admit(call, 'snapshot.read');
    return this.syncs.fetch(caller, selectorOf(call.metadata, selector));
  }

  private async follow({ selector }: Asked, call: SyncCall): Promise<void> {
    const caller = await this.callers.admit(call, 'snapshot.read');
    const cutOff = (): void => failStream(call, takesNothing(), this.logger);
    const stream = await this.syncs.follow(caller, selectorOf(call.metadata, selector), cutOff);
    call.once('close', () => stream.abandon());
    if (call.destroyed) stream.abandon();
    for await (const message of stream.messages()) await writeTaken(call, message);
  }
}

/** Newer clients say it in the metadata, some in both places. */
function selectorOf(metadata: Metadata, inRequest: string): string {
  const [given] = metadata.get(SELECTOR_HEADER);
  return typeof given === 'string' && given !== '' ? given : inRequest;
}

/** A service whose method puts each message into bytes once, however many streams it is sent on. */
function writtenOnce(service: GrpcService, method: string): GrpcService {
  const known = service.definition[method];
  if (known === undefined) return service;
  const bytes = new WeakMap<object, Buffer>();
  const responseSerialize = (message: object): Buffer => {
    const made = bytes.get(message) ?? known.responseSerialize(message);
    bytes.set(message, made);
    return made;
  };
  return { ...service, definition: { ...service.definition, [method]: { ...known, responseSerialize } } };
}

function takesNothing(): ReturnType<typeof limited> {
  return limited('STREAM_UNREAD', 'This stream was not read for a minute; connect again.');
}
