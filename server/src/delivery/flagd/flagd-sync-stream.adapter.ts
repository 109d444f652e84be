import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { TakenStream } from '../taken-stream.adapter.js';
import type { SyncMessage } from './flagd-exports.service.js';

/**
 * One open SyncFlags: the whole configuration now, and the newest whenever that is another one and the client has taken
 * the one before. The protocol has no word for being alive; gRPC pings its connections.
 */
export class FlagdSyncStream extends TakenStream<SyncMessage> {
  private sent: SyncMessage | undefined;

  constructor(
    private newest: PreparedSnapshot,
    private readonly messageOf: (snapshot: PreparedSnapshot) => SyncMessage,
    cutOff: () => void,
  ) {
    super(cutOff);
  }

  override bringTo(snapshot: PreparedSnapshot): void {
    this.newest = snapshot;
    this.goOn();
  }

  protected override take(): SyncMessage | undefined {
    const message = this.messageOf(this.newest);
    if (message.flagConfiguration === this.sent?.flagConfiguration) return undefined;
    this.sent = message;
    return message;
  }
}
