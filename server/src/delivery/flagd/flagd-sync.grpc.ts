import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { FlagSyncService } from '../../platform/grpc/generated/flagd/sync/v1/sync_pb.js';
import { answerStream, answerUnary } from '../../platform/grpc/grpc-calls.js';
import { GrpcServices } from '../../platform/grpc/grpc-services.js';
import { grpcService, writtenOnce } from '../../platform/grpc/service-definition.js';
import { type FlagdCaller, FlagdCallers } from './flagd-callers.provider.js';
import type { PreparedExport, SyncMessage } from './flagd-exports.service.js';
import { sendStream } from './flagd-stream.grpc.js';
import { FlagdSyncs } from './flagd-syncs.service.js';

type Asked = { readonly selector: string };
type Call = Parameters<FlagdCallers['admit']>[0];

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
    const syncFlags = answerStream<Asked, SyncMessage>(logger, async (request, call) => {
      const caller = await this.admit(request, call);
      await sendStream(call, logger, (cutOff) => this.syncs.follow(caller, cutOff));
    });
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

  private async fetch(request: Asked, call: Call): Promise<PreparedExport> {
    return this.syncs.fetch(await this.admit(request, call));
  }

  /** Newer clients say which flags in the metadata, some in both places. */
  private async admit({ selector }: Asked, call: Call): Promise<FlagdCaller> {
    const caller = await this.callers.admit(call, 'snapshot.read');
    return { ...caller, selector: caller.selector || selector };
  }
}
