import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type Lane, putLaneBefore } from './fast-lane.js';

describe('a lane before a server', () => {
  const logger = new Logger();
  const error = jest.spyOn(logger, 'error').mockReturnValue();
  let server: Server;

  afterEach(() => {
    error.mockClear();
    server.close();
  });

  async function ask(lane: Lane): Promise<string> {
    server = createServer((_request, response) => response.end('the others'));
    putLaneBefore(server, lane, logger);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo; // it listens on TCP
    return (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
  }

  it('answers alone what it takes', async () => {
    expect(await ask((_request, response) => !!response.end('the lane'))).toBe('the lane');
  });

  it('leaves to the others what it does not', async () => {
    expect(await ask(() => false)).toBe('the others');
    expect(error).not.toHaveBeenCalled();
  });

  it('leaves to them, and says, what it fails at', async () => {
    const failing = (): boolean => {
      throw new Error('a bug');
    };
    expect(await ask(failing)).toBe('the others');
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('cuts off what it fails at in the middle of an answer', async () => {
    const failing: Lane = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      throw new Error('a bug');
    };
    await expect(ask(failing)).rejects.toThrow();
  });
});
