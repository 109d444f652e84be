import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';

type Subnet = readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'];

/** Link-local networks and what else clouds serve credentials on, also where IPv6 wraps IPv4; groups, not hosts. */
const NEVER: readonly Subnet[] = [
  ['169.254.0.0', 16, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['255.255.255.255', 32, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['64:ff9b::a9fe:0', 112, 'ipv6'],
  ['64:ff9b::6464:64c8', 128, 'ipv6'],
  ['2002:a9fe::', 32, 'ipv6'],
  ['::a9fe:0', 112, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

/** This host and its own networks (RFC 6890). */
const PRIVATE: readonly Subnet[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
];

function blockListOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) list.addSubnet(...subnet);
  return list;
}

const never = blockListOf(NEVER);
const privateOnes = blockListOf(PRIVATE);

/** Why nothing may be sent to an address; undefined when it may. */
export function objectionToAddress(address: string, allowPrivate: boolean): string | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (never.check(address, family)) return `${address} is link-local or serves metadata, where webhooks never go.`;
  if (!allowPrivate && privateOnes.check(address, family)) {
    return `${address} is private, and SLUICE_WEBHOOK_PRIVATE is false.`;
  }
  return undefined;
}

/** The address that a URL's host is; undefined for a name. */
export function addressOf(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  return isIP(host) === 0 ? undefined : host;
}

/** Sluice itself will not go there. */
export class AddressRefused extends Error {}

/** A host that is refused has one objection whatever the name: all its addresses must be allowed. */
export async function refuseHost(url: URL, allowPrivate: boolean): Promise<void> {
  const address = addressOf(url);
  const addresses = address === undefined ? await resolve(url.hostname) : [address];
  for (const each of addresses) {
    const objection = objectionToAddress(each, allowPrivate);
    if (objection !== undefined) throw new AddressRefused(objection);
  }
}

/** The addresses of a name now; none when it cannot be resolved, which it may be when it is needed. */
function resolve(hostname: string): Promise<readonly string[]> {
  return new Promise((done) => {
    lookup(hostname, { all: true }, (error, found) => done(error === null ? found.map(({ address }) => address) : []));
  });
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | readonly LookupAddress[],
  family?: number,
) => void;

/**
 * A lookup for connections that answers allowed addresses only. What it answers is what is connected to, so a name
 * cannot show one address to a check and another to the connection.
 */
export function guardedLookup(allowPrivate: boolean) {
  return (hostname: string, options: { readonly all?: boolean | undefined }, callback: LookupCallback): void => {
    const all: LookupAllOptions = { ...options, all: true };
    lookup(hostname, all, (error, found) => {
      if (error !== null) return callback(error, []);
      const objection = found.map(({ address }) => objectionToAddress(address, allowPrivate)).find(Boolean);
      const [first] = found;
      if (objection !== undefined) return callback(new AddressRefused(objection), []);
      if (options.all === true || first === undefined) return callback(null, found);
      return callback(null, first.address, first.family);
    });
  };
}
