import type { IdentitySource } from './identity.js';
import type { HostPolicy } from './request-head.js';
import type { RouteTemplate } from './route.js';

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where the run's settings come from, and where its observations go. */
export type RunSource =
  | { readonly kind: 'controlPlane'; readonly url: string; readonly token: string }
  /** Of 100 000. Observations go to standard output. */
  | { readonly kind: 'local'; readonly share: number };

/** All that a proxy is told. */
export interface ShadowSettings {
  readonly primary: URL;
  readonly candidate: URL;
  readonly secondary: URL | undefined;
  /** Key of the parallel run. */
  readonly run: string;
  readonly listen: Address;
  readonly admin: Address | undefined;
  readonly source: RunSource;
  /** Methods of requests that may be copied. */
  readonly methods: ReadonlySet<string>;
  /** Undefined: requests are sampled by chance. */
  readonly identity: IdentitySource | undefined;
  readonly primaryVersion: string | undefined;
  readonly candidateVersion: string | undefined;
  /** Undefined: the run's. */
  readonly deadlineMs: number | undefined;
  /** Of a request that is copied, and of an answer that is compared. */
  readonly maxBodyBytes: number;
  readonly hostPolicy: HostPolicy;
  /** Fields of answers that are not compared, in small letters. */
  readonly ignoredHeaders: ReadonlySet<string>;
  /** Of strata; none: they are guessed. */
  readonly routes: readonly RouteTemplate[];
  /** How long requests under way may take once the proxy is to end. */
  readonly drainMs: number;
}
