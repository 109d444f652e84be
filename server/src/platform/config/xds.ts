import { z } from 'zod';

/** The name of a header as HTTP/2 has it; binary headers of gRPC are not matched. */
const header = z
  .string()
  .max(128)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/u, 'must be the name of a header, in small letters')
  .refine((name) => !name.endsWith('-bin'), 'must not end in -bin: gRPC does not match binary headers');

/** A service's route by xDS: Sluice tells Envoy and clients of gRPC themselves where requests go. */
export const xdsFields = {
  router: z.literal('xds'),
  /** What clients of gRPC dial: `xds:///<listener>`. */
  listener: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$/u, 'must be letters, digits or any of . _ : -'),
  /** The request header by which testers pick a version: `x-sluice-version`. Absent: nobody picks. */
  versionHeader: header.optional(),
  /**
   * The request header with a user's bucket, 0 to 99 999, as Sluice's SDKs compute it. It keeps users at their version;
   * without it each request is drawn by itself.
   */
  bucketHeader: header.optional(),
  /** Whether proxies speak HTTP/2 with instances, as gRPC needs. Clients of gRPC do in any case. */
  http2: z.boolean().default(true),
  /** Clients that show no token hear of this route too. Only on networks where everybody may. */
  open: z.boolean().default(false),
  /**
   * Believe clients that show no token as those that do: shares wait for them, and what they report is counted. Without
   * it they are told, are waited for only where no client with a token is connected, and are never counted.
   */
  believeOpen: z.boolean().default(false),
};
