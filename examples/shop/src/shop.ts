/**
 * A shop: `GET /cart?user=ada` answers the cart in the old design or the new one, as the flag `new-cart` says.
 * Everything Sluice needs of a service is in the three lines that name it.
 */
import { createServer } from 'node:http';
import { createClient } from '@sluice/sdk';

const instance = process.env['SHOP_INSTANCE'] ?? 'shop';
const sluice = await createClient({ instanceName: instance, cacheDir: false, telemetryIntervalMs: 1_000 });

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://shop');
  const user = url.searchParams.get('user') ?? '';
  if (url.pathname !== '/cart' || user === '') {
    response.writeHead(404).end();
    return;
  }
  const isNew = sluice.boolean('new-cart', { targetingKey: user }, false);
  const cart = { user, design: isNew ? 'new' : 'old', items: priceOf(user), instance, revision: sluice.revision };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(cart));
});

server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) {
    console.log(`${instance} listens on http://127.0.0.1:${address.port}`);
  }
});

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void sluice.close().then(() => process.exit(0));
});

function priceOf(user: string): readonly { name: string; price: number }[] {
  return [{ name: `Tea for ${user}`, price: 4.2 }];
}
