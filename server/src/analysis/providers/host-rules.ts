/**
 * Says whether a URL's host is on a list of `name`, `name:port`, `*.name` and `*.name:port` in lower case, IPv6
 * addresses in brackets. `*.name` is for every host below a name, not for the name itself; without a port, for all.
 */
export function isHostListed({ protocol, hostname, port }: URL, list: readonly string[]): boolean {
  // The URL parser has made host names lower-case and ASCII, and left the usual port out.
  const host = hostname.replace(/\.$/u, '');
  const effectivePort = port === '' ? USUAL_PORTS[protocol] : port;
  return list.some((entry) => {
    const [, name = '', only] = /^(.*?)(?::(\d+))?$/u.exec(entry.toLowerCase()) ?? [];
    if (only !== undefined && only !== effectivePort) return false;
    if (!name.startsWith('*.')) return host === name;
    return !IPV4.test(host) && host.endsWith(name.slice(1)) && host.length > name.length - 1;
  });
}

/** Addresses have no names below them; the URL parser writes them all like this. */
const IPV4 = /^\d+(?:\.\d+){3}$/u;
const USUAL_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
