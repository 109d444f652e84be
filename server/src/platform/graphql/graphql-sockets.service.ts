import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { SluiceError } from '../../kernel/errors.js';
import { HttpConfig } from '../config/http.js';
import { newRequestId } from '../request-id.js';
import { Drain } from '../shutdown/drain.service.js';
import { clientAddresses } from '../http/client-addresses.js';
import { GraphqlSocket, protocolOptions } from './graphql-socket.adapter.js';
import { isGraphqlUpgrade } from './is-graphql-upgrade.js';
import { CLOSINGS, closingOf } from './socket-closing.js';
import { SocketDoor } from './socket-door.js';

const HEARTBEAT_MS = 15_000;
/** A document and its variables; nobody uploads over a socket. */
const MAX_MESSAGE_BYTES = 128 * 1024;
/** More than people look on at once; it bounds what sockets can take of the server's memory. */
const MAX_SOCKETS = 5_000;

/** All open sockets of GraphQL: speaks graphql-transport-ws, keeps them warm, and ends them with the server. */
@Injectable()
export class GraphqlSockets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(GraphqlSockets.name);
  private readonly sockets = new Set<GraphqlSocket>();
  private readonly upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    clientTracking: false,
    handleProtocols,
  });
  private readonly onUpgrade = (raw: IncomingMessage, stream: Duplex, head: Buffer): void => {
    this.upgrade(raw, stream, head);
  };
  private readonly addressOf: (request: IncomingMessage) => string;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly schemas: GraphQLSchemaHost,
    private readonly door: SocketDoor,
    private readonly drain: Drain,
    config: HttpConfig,
  ) {
    this.addressOf = clientAddresses(config.trustedProxies);
  }

  onApplicationBootstrap(): void {
    this.server().on('upgrade', this.onUpgrade);
    this.drain.lookAfter(() => [...this.sockets].map((socket) => () => socket.close(CLOSINGS.shuttingDown)));
    this.timer = setInterval(() => {
      for (const socket of this.sockets) socket.beat();
    }, HEARTBEAT_MS).unref();
  }

  /** Resolves when all are gone: a server does not close while one is open. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    this.server().off('upgrade', this.onUpgrade);
    const gone = [...this.sockets].map(({ raw }) => new Promise((resolve) => raw.once('close', resolve)));
    for (const socket of this.sockets) socket.close(CLOSINGS.shuttingDown);
    await Promise.all(gone);
  }

  private upgrade(raw: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (!isGraphqlUpgrade(raw)) return refuse(stream, '404 Not Found');
    if (this.isStopping || this.drain.isDraining || this.sockets.size >= MAX_SOCKETS)
      return refuse(stream, '503 Service Unavailable');
    this.upgrades.handleUpgrade(raw, stream, head, (socket) => this.open(socket, raw));
  }

  private open(raw: WebSocket, upgrade: IncomingMessage): void {
    const { headers, url = '' } = upgrade;
    const request = { id: newRequestId(), method: 'GET', url, headers, ip: this.addressOf(upgrade) };
    const socket = new GraphqlSocket(raw, request, this.door);
    this.sockets.add(socket);
    // What breaks is closed, and that is heard below.
    raw.on('error', () => undefined);
    const closed = makeServer(protocolOptions(this.schemas.schema)).opened(
      {
        protocol: raw.protocol,
        send: (data) => send(raw, data),
        close: (code = CLOSINGS.failed.code, reason = '') => socket.close({ code, reason }),
        onMessage: (take) => raw.on('message', (data: Buffer) => this.follow(take(String(data)), socket)),
      },
      { socket },
    );
    raw.once('close', (code, reason) => {
      this.sockets.delete(socket);
      this.follow(closed(code, String(reason)), socket);
    });
  }

  /** What fails while a message is answered ends its socket. */
  private follow(work: Promise<void>, socket: GraphqlSocket): void {
    work.catch((error: unknown) => {
      if (!(error instanceof SluiceError)) this.logger.error(error, 'A socket of GraphQL failed');
      socket.close(closingOf(error));
    });
  }

  private server(): Server {
    // The adapter was made with Node's own server.
    return this.http.httpAdapter.getHttpServer() as Server;
  }
}

/** Resolves when the client's side has room again: whoever waits holds no more than one message for it. */
function send(raw: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    if (raw.readyState !== raw.OPEN) resolve();
    // What cannot be sent any more is closed, and that is heard elsewhere.
    else raw.send(data, () => resolve());
  });
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
