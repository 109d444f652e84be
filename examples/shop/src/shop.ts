/**
 * A shop. `GET /cart?user=ada` answers the cart in the old design or the new one, as the flag `new-cart` says.
 * `GET /checkout?user=ada` buys it, at the version of the checkout that the user is sent to. What a cart costs is
 * reckoned by the old code and the new, side by side.
 * Everything Sluice needs of a service is in the lines that name it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createClient, sluiceFetch } from '@sluice/sdk';
import { sluiceUnits } from '@sluice/sdk/express';
import { announce } from './announce.js';
import { cartOf, priceAnew, priceOf } from './pricing.js';

const instance = process.env['SHOP_INSTANCE'] ?? 'shop';
const version = process.env['SHOP_VERSION'] ?? 'v1';
// Addresses of the checkout by version, as JSON: whatever finds services would know them.
const urls = JSON.parse(process.env['CHECKOUT_URLS'] ?? '{}') as Record<string, string>;

const sluice = await createClient({
  instanceName: instance,
  service: { key: 'shop', version },
  cacheDir: false,
  telemetryIntervalMs: 1_000,
});
const asUnit = sluiceUnits<IncomingMessage>(sluice, { context: (request) => ({ targetingKey: userOf(request) }) });
const callCheckout = sluiceFetch(sluice, { service: 'checkout', urls });
const priceFor = sluice.parallel('cart-price', priceOf, (cart) => priceAnew(cart, version), {
  stratum: ({ currency }) => currency,
  sideEffects: 'none',
});

const server = createServer((request, response) =>
  asUnit(request, response, () => {
    const user = userOf(request);
    if (user !== '' && request.url?.startsWith('/cart?')) showCart(user, response);
    else if (user !== '' && request.url?.startsWith('/checkout?')) void buy(user, response);
    else response.writeHead(404).end();
  }),
);
announce(server, instance, () => sluice.close());

function showCart(user: string, response: ServerResponse): void {
  const page = pageOf(user);
  answer(response, 200, { ...page, item: `Tea for ${user}`, price: priceFor(cartOf(user)) });
}

async function buy(user: string, response: ServerResponse): Promise<void> {
  // Before the call: the version is chosen as it begins.
  const page = pageOf(user);
  try {
    const order = await callCheckout(`/orders?user=${encodeURIComponent(user)}`);
    const { version: taken } = (await order.json()) as { version: string };
    answer(response, order.ok ? 200 : 502, { ...page, version: taken });
  } catch {
    answer(response, 502, page);
  }
}

/** What the flags say for this user, at which revision. */
function pageOf(user: string): object {
  const context = { targetingKey: user };
  const design = sluice.boolean('new-cart', context, false) ? 'new' : 'old';
  const hasGiftNote = sluice.boolean('gift-note', context, false);
  const hasNewPrices = sluice.boolean('new-prices', context, false);
  return { user, design, hasGiftNote, hasNewPrices, instance, revision: sluice.revision };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function userOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://shop').searchParams.get('user') ?? '';
}
