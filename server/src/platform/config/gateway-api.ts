import { z } from 'zod';

/** Where Kubernetes puts what a pod needs to speak to its own cluster. */
const IN_CLUSTER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Names of Services, namespaces and Gateways: RFC 1123 labels and, for Gateways and routes, subdomains. */
const label = z.string().regex(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/u, 'must be a name as Kubernetes has them');
const subdomain = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/u,
    'must be a name as Kubernetes has them',
  );
const port = z.number().int().min(1).max(65_535);

/** The shape of an HTTPRoute that splits one service: the same in the traffic file and where one is only printed. */
export const httpRouteFields = {
  namespace: label,
  /** The HTTPRoute. */
  name: subdomain,
  /** Two Services of the namespace. */
  stable: label,
  candidate: label,
  /** Of both Services. */
  port,
  /** The Gateways that it belongs to. Absent: whoever else owns the route's `parentRefs` says so. */
  gateways: z
    .array(
      z.strictObject({
        name: subdomain,
        namespace: label.optional(),
        /** One listener of the Gateway. */
        sectionName: subdomain.optional(),
      }),
    )
    .max(32)
    .default([]),
  hostnames: z.array(z.string().min(1).max(253)).max(16).default([]),
  /** What of the service's paths is split. */
  path: z
    .string()
    .max(1_024)
    .regex(/^\/[^\s?#]*$/u, 'must be a path that begins with /')
    .default('/'),
  /** The request header by which testers pick an arm: its value is `stable` or `candidate`. Absent: nobody picks. */
  armHeader: z
    .string()
    .max(256)
    .regex(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/u, 'must be the name of a header')
    .optional(),
};

/** A service's route by the Gateway API: an HTTPRoute of a cluster, whose weights Sluice owns. */
export const gatewayApiFields = {
  router: z.literal('gateway-api'),
  /** The API server. */
  cluster: z.url({ protocol: /^https$/u }).default('https://kubernetes.default.svc'),
  /** Read again for each request: Kubernetes renews it. */
  tokenFile: z.string().min(1).default(`${IN_CLUSTER}/token`),
  caFile: z.string().min(1).default(`${IN_CLUSTER}/ca.crt`),
  ...httpRouteFields,
  /**
   * What is done when somebody else owns the route's rules. `report`: nothing, and it is said who. `take`: they are
   * taken over. Rules that Sluice has applied before, and that somebody has changed since, are put right either way.
   */
  conflicts: z.enum(['report', 'take']).default('report'),
};
