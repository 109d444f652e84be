import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way through TCP to a server, which a test cuts and mends: who goes by it is cut off, and nobody else. */
export class TcpLink {
  private readonly sockets = new Set<Socket>();
  private readonly lost = new WeakSet<Socket>();
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

  /** By which ports the target knows the connections that are not lost. */
  get ports(): readonly number[] {
    const port = Number(this.target.port);
    const far = [...this.sockets].filter((socket) => socket.remotePort === port && !this.lost.has(socket));
    return far.flatMap(({ localPort }) => localPort ?? []);
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

  /**
   * Loses the connections that there are, for good, as a power cut, a failover or a router that forgets does: neither
   * end is told, nor hears of the other's end, and new ones carry on.
   */
  lose(): void {
    for (const socket of this.sockets) this.lost.add(socket.pause());
  }

  /** Carries on, but for what is lost. */
  mend(): void {
    this.isCut = false;
    this.isHanging = false;
    for (const socket of this.sockets) if (!this.lost.has(socket)) socket.resume();
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
    this.carry(near, far);
    this.carry(far, near);
    if (this.isHanging) for (const socket of [near, far]) socket.pause();
  }
  /** Not by `pipe`, which would take up what a test has paused as soon as the other end drains. */
  private carry(from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => void to.write(bytes));
    from.on('close', () => {
      if (!this.lost.has(to) || this.isCut) to.destroy();
    });
  }
}
