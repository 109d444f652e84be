import type { Server } from 'node:http';

/** Listens on loopback, at PORT or at a free one, says where, and ends when asked to, once `close` has. */
export function announce(server: Server, name: string, close: () => Promise<void> = () => Promise.resolve()): void {
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) {
      console.log(`${name} listens on http://127.0.0.1:${address.port}`);
    }
  });
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    void close().then(() => process.exit(0));
  });
}
