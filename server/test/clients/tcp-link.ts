import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way through TCP to a server, which a test cuts and mends: who goes by it is cut off, and nobody else. */
export class TcpLink {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private isHanging = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (near) => this.join(near));
  }

  static async open(targetUrl: string): Promise<TcpLink> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpLink(server, new URL(targetUrl));
  }

  /** The target's URL, by way of this link. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port); // it listens on TCP
    return url.href;
  }

  /** Ends all connections and refuses new ones. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Keeps all connections open and carries nothing any more, as a hung server or a router that drops packets. */
  hang(): void {
    this.isHanging = true;
    for (const socket of this.sockets) socket.pause();
  }

  mend(): void {
    this.isCut = false;
    this.isHanging = false;
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket): void {
    this.sockets.add(near);
    near.on('error', () => undefined).on('close', () => this.sockets.delete(near));
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    this.sockets.add(far);
    far.on('error', () => undefined).on('close', () => this.sockets.delete(far));
    carry(near, far);
    carry(far, near);
    if (this.isHanging) for (const socket of [near, far]) socket.pause();
  }
}

/** Not by `pipe`, which would take up what a test has paused as soon as the other end drains. */
function carry(from: Socket, to: Socket): void {
  from.on('data', (bytes: Buffer) => void to.write(bytes));
  from.on('close', () => to.destroy());
}
