import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { badGateway } from './bad-gateway.js';
import { eachField, type FieldLines } from './field-lines.js';
import type { RequestHead } from './request-head.js';
import { TransportError } from './transport-error.js';
import type { Upstream } from './upstream.js';

/** Hands a caller's connection over to the primary, which may also decline; nothing of it is copied anywhere. */
export function openTunnel(primary: Upstream, head: RequestHead, caller: Duplex, first: Buffer): void {
  const request = primary.upgrade(head);
  let isAnswered = false;
  const fail = (error: TransportError): void => {
    if (isAnswered) return;
    isAnswered = true;
    const { status, contentType, body } = badGateway(error);
    const lines = ['Content-Type', contentType, 'Content-Length', String(Buffer.byteLength(body))];
    caller.end(headText(status, 'Bad Gateway', [...lines, 'Connection', 'close']) + body);
  };
  caller.on('error', () => request.destroy());
  caller.on('close', () => request.destroy());
  request.on('error', (error) => fail(TransportError.from(error)));
  request.on('close', () => fail(new TransportError('reset')));
  request.on('upgrade', (answer: IncomingMessage, service: Duplex, begun: Buffer) => {
    isAnswered = true;
    const { statusCode = 101, statusMessage = '', rawHeaders } = answer;
    caller.write(headText(statusCode, statusMessage, rawHeaders), 'latin1');
    connect(caller, service, first, begun);
  });
  request.on('response', (answer: IncomingMessage) => {
    isAnswered = true;
    const { statusCode = 502, statusMessage = '', rawHeaders } = answer;
    // Its end is told by the connection's: the framing of the original is gone.
    const lines = framedByClose(rawHeaders);
    caller.write(headText(statusCode, statusMessage, lines), 'latin1');
    answer.on('error', () => caller.destroy());
    answer.pipe(caller);
  });
  request.end();
}

function connect(caller: Duplex, service: Duplex, first: Buffer, begun: Buffer): void {
  if (begun.length > 0) caller.write(begun);
  if (first.length > 0) service.write(first);
  service.on('error', () => caller.destroy());
  service.on('close', () => caller.destroy());
  caller.on('close', () => service.destroy());
  caller.pipe(service);
  service.pipe(caller);
}

function framedByClose(lines: FieldLines): string[] {
  const kept: string[] = [];
  eachField(lines, (name, value, line) => {
    if (!['connection', 'keep-alive', 'transfer-encoding'].includes(name)) kept.push(line, value);
  });
  return [...kept, 'Connection', 'close'];
}

function headText(status: number, reason: string, lines: FieldLines): string {
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  eachField(lines, (_name, value, line) => (text += `${line}: ${value}\r\n`));
  return `${text}\r\n`;
}
