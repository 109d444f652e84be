/** Where an instance listens, and until when it is taken to, as one line. */
export function renderInstance(instance: {
  readonly id: string;
  readonly version: string;
  readonly address: string;
  readonly port: number;
  readonly leaseUntil: string;
}): string {
  const { id, version, address, port, leaseUntil } = instance;
  const host = address.includes(':') ? `[${address}]` : address;
  return `${id}: ${version} at ${host}:${port}, until ${leaseUntil}`;
}
