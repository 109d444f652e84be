/** The floor of our framework: a bare Fastify that greets. */
import { fastify } from 'fastify';
import { answerCosts } from '../answer-costs.js';

const server = fastify();
server.get('/', async () => ({ hello: 'world' }));
answerCosts();
process.send?.({ url: await server.listen({ port: 0, host: '127.0.0.1' }) });
