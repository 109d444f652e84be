/** Where the payment provider says how it does: `GET /status`. A release may ask it before it goes on. */
import { createServer } from 'node:http';
import { announce } from './announce.js';

const status = { payments: { refusedPercent: 0.4 } };

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(status));
});
announce(server, 'payments');
