/** The package's version; `version.spec.ts` holds it to package.json. */
export const SDK_VERSION = '0.1.0';

/** How this SDK names itself to the control plane. */
export const SDK_NAME = `sluice-node/${SDK_VERSION}`;
