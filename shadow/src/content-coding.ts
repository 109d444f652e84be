import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

/** What decoding came to. tooLong: it would be longer than the limit. undecodable: it is not what it says it is. */
export type Decoded =
  { readonly kind: 'body'; readonly body: Buffer } | { readonly kind: 'tooLong' } | { readonly kind: 'undecodable' };

type Decoder = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: inflateEither,
};
/** Nobody encodes a body more often. */
const CODING_LIMIT = 3;

/** Undoes a body's content codings (RFC 9110, 8.4), which are told in the order in which they were applied. */
export async function decodeContent(body: Buffer, codings: string, limit: number): Promise<Decoded> {
  const names = codings
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '' && each !== 'identity');
  if (names.length > CODING_LIMIT) return { kind: 'undecodable' };
  let decoded = body;
  for (const name of names.reverse()) {
    const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
    if (decoder === undefined) return { kind: 'undecodable' };
    try {
      decoded = await decoder(decoded, { maxOutputLength: limit });
    } catch (thrown) {
      return { kind: isTooLong(thrown) ? 'tooLong' : 'undecodable' };
    }
  }
  return { kind: 'body', body: decoded };
}

/** With zlib's wrapper as it should be, or without, as some send it (RFC 9110, 8.4.1.2). */
function inflateEither(body: Uint8Array, options: { readonly maxOutputLength: number }): Promise<Buffer> {
  const first = body[0] ?? 0;
  const isWrapped = (first & 0x0f) === 8 && ((first << 8) | (body[1] ?? 0)) % 31 === 0;
  return (promisify(isWrapped ? inflate : inflateRaw) as Decoder)(body, options); // as above
}

function isTooLong(thrown: unknown): boolean {
  return (thrown as NodeJS.ErrnoException | undefined)?.code === 'ERR_BUFFER_TOO_LARGE'; // any error may be asked
}
