import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP balancer as stands before replicas: each connection goes to the next one that takes it. */
export class Balancer {
  private readonly sockets = new Set<Socket>();
  private next = 0;

  private constructor(
    private readonly server: Server,
    private readonly targets: readonly URL[],
  ) {
    server.on('connection', (near) => {
      this.keep(near);
      this.next += 1;
      this.join(near, this.next, 0);
    });
  }

  static async open(urls: readonly string[]): Promise<Balancer> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Balancer(
      server,
      urls.map((url) => new URL(url)),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on TCP
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket, first: number, tries: number): void {
    const target = this.targets[(first + tries) % this.targets.length];
    if (target === undefined || tries === this.targets.length) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    let isJoined = false;
    this.keep(far);
    far.on('connect', () => {
      isJoined = true;
      near.pipe(far);
      far.pipe(near);
      near.on('close', () => far.destroy());
    });
    far.on('close', () => {
      if (isJoined) near.destroy();
      else this.join(near, first, tries + 1);
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
  }
}
