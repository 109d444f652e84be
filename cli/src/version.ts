/** The package's version; `version.spec.ts` holds it to package.json. */
export const CLI_VERSION = '0.1.0';
