import type { UniversalServerResponse } from '@connectrpc/connect/protocol';

const MEDIA_TYPE_UNSUPPORTED = 415;
/** How Connect begins what it says of bytes that are no message; it takes them for a fault of the server. */
const UNREADABLE = 'parse binary: ';

/** Says what Connect refuses without a word, and whose fault it is when bytes are no message of the method. */
export async function wordResponse(response: UniversalServerResponse): Promise<UniversalServerResponse> {
  if (response.status === MEDIA_TYPE_UNSUPPORTED) {
    const message =
      'This is no content type of this method; send application/json or application/proto to ask, ' +
      'application/connect+json or application/connect+proto to follow what changes.';
    return { ...response, ...wordRefusal(response, message) };
  }
  if (response.status !== 500 || response.body === undefined) return response;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const { message } = JSON.parse(bytes.toString()) as { readonly message?: string }; // as Connect writes errors
  if (message?.startsWith(UNREADABLE) !== true) return { ...response, body: once(bytes) };
  const why = message.slice(UNREADABLE.length);
  return { ...response, status: 400, ...wordRefusal(response, `The body is no message of this method: ${why}.`) };
}

function wordRefusal(
  { header }: UniversalServerResponse,
  message: string,
): Pick<UniversalServerResponse, 'header' | 'body'> {
  const body = Buffer.from(JSON.stringify({ code: 'invalid_argument', message }));
  const headers = new Headers(header);
  headers.set('content-type', 'application/json');
  headers.set('content-length', String(body.length));
  return { header: headers, body: once(body) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
