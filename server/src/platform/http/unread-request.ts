import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { invalid, type SluiceError } from '../../kernel/errors.js';
import { PROBLEM_JSON, toProblem } from '../../transport/problem.js';
import { newRequestId } from '../request-id.js';

/**
 * Answers what Node's parser gave up before it was a request, with a problem as all failures are, and closes. Nothing of
 * it is logged: the bytes that the error carries may hold a token.
 */
export function refuseUnread(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(answerTo(error.code));
  socket.destroy(error);
}

function answerTo(code: string | undefined): string {
  const requestId = newRequestId();
  const problem = toProblem(refusalOf(code), requestId);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'connection: close',
    `content-type: ${PROBLEM_JSON}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'x-content-type-options: nosniff',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function refusalOf(code: string | undefined): SluiceError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return invalid('HEADERS_TOO_LARGE', 'The URL and the headers are too large together; 16 KiB is the most.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return invalid('REQUEST_TOO_SLOW', 'The request did not come whole in time; send it again.');
    default:
      return invalid('REQUEST_MALFORMED', 'This is no HTTP request that can be read; mend its first line and headers.');
  }
}
