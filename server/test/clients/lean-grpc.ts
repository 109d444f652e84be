import { type ClientHttp2Session, connect } from 'node:http2';
import { promisify } from 'node:util';

/** The five bytes before a message: that it is not compressed, and its length. */
const PREFIX = 5;

/** A client of gRPC for very many calls of one answer: HTTP/2 with nothing around it, bytes in and bytes out. */
export class LeanGrpc {
  private readonly session: ClientHttp2Session;

  constructor(
    address: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {
    this.session = connect(`http://${address}`);
  }

  /** The message that answers; undefined where a status says why there is none. Rejects when the connection fails. */
  ask(path: string, message: Uint8Array): Promise<Buffer | undefined> {
    const frame = Buffer.allocUnsafe(PREFIX + message.length);
    frame[0] = 0;
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, PREFIX);
    const call = this.session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...this.headers,
    });
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      call.on('data', (chunk: Buffer) => chunks.push(chunk));
      call.on('error', reject);
      call.on('end', () => resolve(chunks.length === 0 ? undefined : Buffer.concat(chunks).subarray(PREFIX)));
      call.end(frame);
    });
  }

  close(): Promise<void> {
    return promisify(this.session.close.bind(this.session))();
  }
}
