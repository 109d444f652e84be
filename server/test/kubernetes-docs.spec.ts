import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trafficSection } from '../src/platform/config/traffic.js';
import { httpRouteOf } from '../src/traffic/gateway-api/http-route.js';
import { FLAGGER_HOOKS } from '../src/releases/kubernetes/flagger-hook.js';
import { documented, documentedOf, fenced } from './traffic/kubernetes/documented.js';
import { objectionsToRoute } from './traffic/kubernetes/http-route-schema.js';
import { closed, type StructuralSchema } from './traffic/kubernetes/structural-schema.js';

const folder = new URL('traffic/kubernetes/', import.meta.url);
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What is wrong with a manifest, by the schema of its own project. */
function objections(file: string, manifest: unknown): readonly string[] {
  // Written from the project's own definition; SOURCE.txt says which.
  const schema = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as StructuralSchema;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(closed(schema));
  validate(manifest);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath}: ${message ?? ''} ${JSON.stringify(params)}`;
  });
}

describe('docs/kubernetes.md', () => {
  it('has manifests that say what they are, and nothing else in its YAML', () => {
    const kinds = documented().map(({ kind, apiVersion }) => `${apiVersion} ${kind}`);
    expect(kinds).toEqual([
      'rbac.authorization.k8s.io/v1 Role',
      'rbac.authorization.k8s.io/v1 RoleBinding',
      'gateway.networking.k8s.io/v1 HTTPRoute',
      'argoproj.io/v1alpha1 AnalysisTemplate',
      'flagger.app/v1beta1 Canary',
    ]);
    for (const { metadata } of documented())
      expect(metadata).toMatchObject({ name: expect.any(String), namespace: 'shop' });
  });

  it('has manifests that their projects take', () => {
    expect(objectionsToRoute(documentedOf('HTTPRoute'))).toEqual([]);
    expect(objections('analysis-template.json', documentedOf('AnalysisTemplate'))).toEqual([]);
    expect(objections('canary.json', documentedOf('Canary'))).toEqual([]);
  });

  it('would notice one that its project does not take', () => {
    const spoilt = (kind: string, from: string, to: string): unknown => {
      const text = JSON.stringify(documentedOf(kind));
      expect(text).toContain(from);
      return JSON.parse(text.replace(from, to));
    };
    expect(
      objections('analysis-template.json', spoilt('AnalysisTemplate', 'successCondition', 'succeeds')),
    ).not.toEqual([]);
    expect(objections('canary.json', spoilt('Canary', '"confirm-promotion"', '"confirm-anything"'))).not.toEqual([]);
  });

  it('lets the server do what it asks of a cluster, and nothing else', () => {
    expect(documentedOf('Role')['rules']).toEqual([
      { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs: ['get', 'create', 'patch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
    ]);
    expect(documentedOf('RoleBinding')['roleRef']).toMatchObject({ name: documentedOf('Role').metadata.name });
  });

  it('has a traffic file that the server reads, which makes the HTTPRoute it shows', () => {
    const [text = '', ...others] = fenced('json');
    expect(others).toEqual([]);
    const file = join(directory, 'traffic.json');
    writeFileSync(file, text);
    const [route] = trafficSection.parse({ SLUICE_TRAFFIC_FILE: file }).routes;
    if (route?.router !== 'gateway-api') throw new Error('The traffic file has no route of the Gateway API.');
    const { spec } = httpRouteOf({ ...route, armHeader: undefined, hostnames: [] }, 5_000, 'shop/production/checkout');
    expect(documentedOf('HTTPRoute')['spec']).toEqual(spec);
  });

  it('has webhooks whose URLs say their types', () => {
    const { analysis } = documentedOf('Canary')['spec'] as {
      readonly analysis: { readonly webhooks: readonly { readonly type: string; readonly url: string }[] };
    };
    for (const { type, url } of analysis.webhooks) expect(url.endsWith(`/api/v1/flagger/${type}`)).toBe(true);
    const page = readFileSync(new URL('../../docs/kubernetes.md', import.meta.url), 'utf8');
    for (const hook of FLAGGER_HOOKS) expect(page).toContain(`\`${hook}\``);
  });
});
