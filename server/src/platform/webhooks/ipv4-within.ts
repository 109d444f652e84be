/**
 * Where IPv6 addresses carry IPv4 ones, as patterns of their 32 digits: those that translators and tunnels take apart
 * again (IANA IPv6 Special-Purpose Address Registry).
 */
const CARRIERS: readonly RegExp[] = [
  // Mapped (RFC 4291, 2.5.5.2).
  /^0{20}ffff(.{8})$/u,
  // Compatible (RFC 4291, 2.5.5.1).
  /^0{24}(.{8})$/u,
  // Translated (RFC 2765, 2.1).
  /^0{16}ffff0{4}(.{8})$/u,
  // 6to4 (RFC 3056).
  /^2002(.{8})/u,
  // ISATAP, behind any prefix (RFC 5214, 6.1).
  /^.{16}0[02]005efe(.{8})$/u,
  // NAT64 (RFC 6052).
  /^0064ff9b0{16}(.{8})$/u,
  // NAT64 for local use (RFC 8215), by prefixes of 48, 56, 64 and 96 bits (RFC 6052, 2.2).
  /^0064ff9b0001(.{4})..(.{4})/u,
  /^0064ff9b0001..(.{2})..(.{6})/u,
  /^0064ff9b0001.{6}(.{8})/u,
  /^0064ff9b0001.{12}(.{8})$/u,
];

/**
 * The IPv4 addresses that an IPv6 address, in any of its spellings, may carry; where its digits can be read in several
 * ways, all of them. Teredo's are not read: they are hidden.
 */
export function ipv4Within(address: string): readonly string[] {
  const digits = digitsOf(address);
  return CARRIERS.flatMap((carrier) => {
    const found = carrier.exec(digits);
    return found === null ? [] : [found.slice(1).join('')];
  }).map((carried) => (carried.match(/../gu) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.'));
}

/** All 32 digits of an IPv6 address, without its zone. */
function digitsOf(address: string): string {
  // A URL's parser writes the last 32 bits as digits too.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/u, '')}]`);
  const [left = [], right = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join('');
}
