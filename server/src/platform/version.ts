/** The server's version; `version.spec.ts` holds it to package.json. */
export const SERVER_VERSION = '0.1.0';
