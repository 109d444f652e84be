import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { objectionToAddress } from '../../platform/webhooks/address-rules.adapter.js';
import { CallFailure } from './call-failure.js';

export interface HttpCall {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes: number;
  /** What becomes of a longer body: the call fails, or the rest is left. */
  readonly beyond: 'fail' | 'cut';
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Finds the addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * One HTTP exchange on a connection of its own. Follows no redirect, decodes no coding, reads no more than `maxBytes`,
 * and connects to no metadata address, whatever a name resolves to. Rejects with CallFailure, or with the abort's
 * error when the signal ends it.
 */
export async function callHttp(call: HttpCall, signal: AbortSignal, resolveName: Resolve = lookup): Promise<HttpReply> {
  const literal = call.url.hostname.replace(/^\[|\]$/gu, '');
  const refusal = isIP(literal) === 0 ? undefined : refusalOf(literal);
  if (refusal !== undefined) throw refusal;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(signal.aborted ? error : asCallFailure(error));
    const request = (call.url.protocol === 'https:' ? requestHttps : requestHttp)(
      call.url,
      {
        method: call.method,
        headers: { ...call.headers, 'accept-encoding': 'identity', ...lengthOf(call.body) },
        agent: false,
        lookup: vetted(resolveName),
        signal,
      },
      (response) => void readBody(response, call).then(resolve, fail),
    );
    request.on('error', fail);
    request.end(call.body);
  });
}

async function readBody(response: IncomingMessage, { maxBytes, beyond }: HttpCall): Promise<HttpReply> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Without an encoding set, a response's chunks are buffers.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= maxBytes) continue;
    if (beyond === 'fail') throw new CallFailure('ANSWER_TOO_LARGE', `The answer is longer than ${maxBytes} bytes.`);
    break; // ends the connection
  }
  const body = Buffer.concat(chunks).subarray(0, maxBytes);
  // A response that was received has a status.
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

function vetted(resolveName: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      // Where there is an error there are no addresses, whatever the types say.
      const [first] = error === null ? addresses : [];
      const refusal = addresses?.map(({ address }) => refusalOf(address)).find((each) => each !== undefined);
      if (first === undefined || refusal !== undefined) {
        callback(refusal ?? error ?? new Error(`${hostname} has no address`), []);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Why an address must not be connected to; undefined: it may. */
function refusalOf(address: string): CallFailure | undefined {
  // Metrics are mostly in private networks.
  if (objectionToAddress(address.replace(/%.*$/u, ''), true) === undefined) return undefined;
  return new CallFailure('PROVIDER_HOST_FORBIDDEN', 'Its address is link-local or serves metadata.');
}

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

function asCallFailure(error: Error & { readonly code?: unknown }): CallFailure {
  if (error instanceof CallFailure) return error;
  const why = typeof error.code === 'string' ? error.code : error.message;
  // What Node refuses to send is no outage: it has sent nothing.
  const isOurs = why.startsWith('ERR_INVALID');
  return new CallFailure('PROVIDER_UNREACHABLE', `It cannot be reached: ${why}.`, isOurs ? 'final' : 'outage');
}
