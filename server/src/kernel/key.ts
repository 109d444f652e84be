/** Keys of projects, environments and segments: short names that stand in URLs. */
export const RESOURCE_KEY = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/u;

/** Keys of flags: as foreign systems write them, so dots, slashes and colons are welcome inside. */
export const FLAG_KEY = /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}$/u;
