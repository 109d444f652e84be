import { describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { GraphqlSocket } from './graphql-socket.adapter.js';
import { SocketDoor } from './socket-door.js';

class CountingDoor extends SocketDoor {
  watched = 0;

  constructor(private readonly meanwhile: () => void) {
    super();
  }

  override admit(): Promise<void> {
    this.meanwhile();
    return Promise.resolve();
  }

  override watch(): () => void {
    this.watched += 1;
    return () => (this.watched -= 1);
  }
}

const REQUEST = { id: '1', method: 'GET', url: '/graphql', headers: {}, ip: '::1' };
// The types tell of clients alone; so the server makes one for a client that has come.
const ServerSide = WebSocket as unknown as new (address: null, protocols: undefined, options: object) => WebSocket;
const aSocket = (): WebSocket => new ServerSide(null, undefined, {});

describe('who opened a socket', () => {
  it('is watched until it is closed', async () => {
    const raw = aSocket();
    const door = new CountingDoor(() => undefined);
    await new GraphqlSocket(raw, REQUEST, door).letIn();
    expect(door.watched).toBe(1);
    raw.emit('close');
    expect(door.watched).toBe(0);
  });

  it('is not watched where it was closed before it was let in', async () => {
    const raw = aSocket();
    const door = new CountingDoor(() => raw.emit('close'));
    await new GraphqlSocket(raw, REQUEST, door).letIn();
    expect(door.watched).toBe(0);
  });
});
