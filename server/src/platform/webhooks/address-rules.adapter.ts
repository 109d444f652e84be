import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { ipv4Within } from './ipv4-within.js';

type Subnet = readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'];

/**
 * Groups, link-local networks, and where clouds serve credentials outside of them, as their manuals and cloud-init's
 * data sources name it. Teredo (RFC 4380) is here whole: where its addresses lead is hidden in them.
 */
const NEVER: readonly Subnet[] = [
  ['169.254.0.0', 16, 'ipv4'],
  // Alibaba, Azure, Oracle.
  ['100.100.100.200', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['192.0.0.192', 32, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['255.255.255.255', 32, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  // AWS with EKS, Google, Oracle, Scaleway, Akamai, Alibaba.
  ['fd00:ec2::', 32, 'ipv6'],
  ['fd20:ce::254', 128, 'ipv6'],
  ['fd00:c1::a9fe:a9fe', 128, 'ipv6'],
  ['fd00:42::42', 128, 'ipv6'],
  ['fd00:a9fe:a9fe::1', 128, 'ipv6'],
  ['fd00:100::100:200', 128, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

/**
 * This host, its own networks, and what else is not globally reachable by IANA's IPv4 and IPv6 Special-Purpose Address
 * Registries (RFC 6890).
 */
const PRIVATE: readonly Subnet[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['::ffff:0:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['5f00::', 16, 'ipv6'],
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

/** Why nothing may be sent to an address, nor to an IPv4 address that it carries; undefined when it may. */
export function objectionToAddress(address: string, allowPrivate: boolean): string | undefined {
  if (isListed(never, address)) return `${address} is link-local or serves metadata, where webhooks never go.`;
  if (!allowPrivate && isListed(privateOnes, address)) {
    return `${address} is private, and SLUICE_WEBHOOK_PRIVATE is false.`;
  }
  return undefined;
}

function isListed(list: BlockList, address: string): boolean {
  if (isIP(address) !== 6) return list.check(address, 'ipv4');
  return list.check(address, 'ipv6') || ipv4Within(address).some((carried) => list.check(carried, 'ipv4'));
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
