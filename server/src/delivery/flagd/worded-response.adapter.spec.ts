import { describe, expect, it } from '@jest/globals';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { wordResponse } from './worded-response.adapter.js';

function aResponse(status: number, error?: object): UniversalServerResponse {
  if (error === undefined) return { status };
  const body = (async function* () {
    // In pieces, as bodies come.
    for (const char of JSON.stringify(error)) yield new TextEncoder().encode(char);
  })();
  return { status, header: new Headers({ 'content-length': '1', vary: 'x' }), body };
}

const textOf = async ({ body }: UniversalServerResponse): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe('wordResponse', () => {
  it('says what may be sent where Connect only says that this may not', async () => {
    const worded = await wordResponse(aResponse(415));
    expect(worded.status).toBe(415);
    expect(worded.header?.get('content-type')).toBe('application/json');
    expect(JSON.parse(await textOf(worded))).toEqual({
      code: 'invalid_argument',
      message: expect.stringMatching(/send application\/json .*\.$/u),
    });
  });

  it('takes bytes that are no message for the fault of who sent them', async () => {
    const worded = await wordResponse(aResponse(500, { code: 'internal', message: 'parse binary: premature EOF' }));
    const text = await textOf(worded);
    expect(worded.status).toBe(400);
    expect(worded.header?.get('content-length')).toBe(String(text.length));
    expect(worded.header?.get('vary')).toBe('x');
    expect(JSON.parse(text)).toEqual({
      code: 'invalid_argument',
      message: 'The body is no message of this method: premature EOF.',
    });
  });

  it.each<[number, object]>([
    [500, { code: 'internal', message: 'Sluice failed at this call.' }],
    [500, { code: 'internal' }],
    [404, { code: 'not_found', message: 'parse binary: not' }],
  ])('leaves everything else as it is: %d %j', async (status, error) => {
    const worded = await wordResponse(aResponse(status, error));
    expect(worded.status).toBe(status);
    expect(JSON.parse(await textOf(worded))).toEqual(error);
  });
});
