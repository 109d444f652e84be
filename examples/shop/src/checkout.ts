/**
 * The checkout, in the version that CHECKOUT_VERSION names: `GET /orders?user=ada` takes an order. v3 is a bad build: it
 * is slow, and it fails for three users of ten.
 */
import { createServer } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import { announce } from './announce.js';

const version = process.env['CHECKOUT_VERSION'] ?? 'v1';
const { delayMs, failingOfTen } =
  version === 'v3' ? { delayMs: 300, failingOfTen: 3 } : { delayMs: 0, failingOfTen: 0 };

const server = createServer((request, response) => {
  const user = new URL(request.url ?? '/', 'http://checkout').searchParams.get('user') ?? '';
  void later(delayMs).then(() => {
    const isTaken = lastDigitOf(user) >= failingOfTen;
    response.writeHead(isTaken ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ version, isTaken }));
  });
});
announce(server, `checkout ${version}`);

function lastDigitOf(user: string): number {
  return Number(user.at(-1)) || 0;
}
