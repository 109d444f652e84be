/** An IPv4 address as an unsigned 32-bit integer, or the eight groups of an IPv6 address. */
export type Address = number | readonly number[];

/** A block of addresses of one family, which contains none of the other. */
export type AddressBlock =
  | { readonly family: 4; readonly network: number; readonly mask: number }
  | { readonly family: 6; readonly network: readonly number[]; readonly prefixLength: number };

/**
 * Parses an IPv4 address (four decimal numbers) or an IPv6 address (RFC 4291, section 2.2; no zone). An IPv4-mapped
 * address (::ffff:0:0/96) is the IPv4 address. Undefined for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  const v4 = parseIpv4(text);
  if (v4 >= 0) return v4;
  const v6 = parseIpv6(text);
  if (v6 === undefined) return undefined;
  const mapped = mappedIpv4(v6);
  return mapped >= 0 ? mapped : v6;
}

/**
 * Parses `address/prefixLength` (RFC 4632, RFC 4291); a bare address is a block of one. Bits beyond the prefix are
 * ignored. A block within ::ffff:0:0/96 is an IPv4 block. Undefined for anything else.
 */
export function parseCidr(text: string): AddressBlock | undefined {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length))) return undefined;

  const v4 = parseIpv4(address);
  if (v4 >= 0) return blockOfIpv4(v4, length === undefined ? 32 : Number(length));

  const v6 = parseIpv6(address);
  const prefixLength = length === undefined ? 128 : Number(length);
  if (v6 === undefined || prefixLength > 128) return undefined;
  const mapped = mappedIpv4(v6);
  if (mapped >= 0 && prefixLength >= 96) return blockOfIpv4(mapped, prefixLength - 96);
  return { family: 6, network: v6, prefixLength };
}

/** Answers whether a block contains an address. */
export function isInBlock(address: Address, block: AddressBlock): boolean {
  if (typeof address === 'number') return block.family === 4 && (address & block.mask) === block.network;
  return block.family === 6 && sharePrefix(address, block.network, block.prefixLength);
}

function blockOfIpv4(address: number, prefixLength: number): AddressBlock | undefined {
  if (prefixLength > 32) return undefined;
  const mask = prefixLength === 0 ? 0 : -1 << (32 - prefixLength); // a shift by 32 would be a shift by 0
  return { family: 4, network: address & mask, mask };
}

function sharePrefix(a: readonly number[], b: readonly number[], prefixLength: number): boolean {
  for (let group = 0; group * 16 < prefixLength; group += 1) {
    const bits = Math.min(16, prefixLength - group * 16);
    const difference = (a[group] ?? 0) ^ (b[group] ?? 0);
    if (difference >>> (16 - bits) !== 0) return false;
  }
  return true;
}

/** Four decimal numbers without leading zeros, as an unsigned 32-bit integer; −1 when the text is something else. */
function parseIpv4(text: string): number {
  if (text.length > 15) return -1;
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 46 && octet >= 0 && dots < 3) {
      address = address * 256 + octet;
      octet = -1;
      dots += 1;
    } else if (code >= 48 && code <= 57 && octet !== 0) {
      octet = (octet < 0 ? 0 : octet) * 10 + code - 48;
      if (octet > 255) return -1;
    } else {
      return -1;
    }
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : -1;
}

/** The eight groups of an IPv6 address (RFC 4291, section 2.2; no zone), or undefined. */
function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length > 45 || !text.includes(':')) return undefined;
  const [head = '', tail, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const before = parseGroups(head, tail === undefined);
  const after = tail === undefined ? [] : parseGroups(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...new Array<number>(missing).fill(0), ...after];
}

function parseGroups(text: string, mayEndInIpv4: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = mayEndInIpv4 && index === parts.length - 1 ? parseIpv4(part) : -1;
    if (v4 >= 0) groups.push(v4 >>> 16, v4 & 0xffff);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function mappedIpv4(groups: readonly number[]): number {
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return isMapped ? (groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0) : -1;
}
