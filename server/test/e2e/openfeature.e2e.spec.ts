import { OPENFEATURE_TEST_FLAGS, runOpenFeatureGherkin } from './openfeature/run-openfeature-gherkin.js';
import { startTestServer, type TestServer } from './start-test-server.js';

runOpenFeatureGherkin({
  setUp: async () => {
    const server = await startTestServer();
    const token = await createTestFlags(server);
    return { url: server.url, token, close: () => server.close() };
  },
});

/** Creates OpenFeature's test flags through the management API, and a token that may evaluate them. */
async function createTestFlags({ api }: TestServer): Promise<string> {
  const send = async (method: string, path: string, body: unknown): Promise<{ secret: string }> => {
    const answer = await api(method, path, body, { 'if-match': '*' });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    // Only the secret of the created token is read.
    return answer.body as { secret: string };
  };
  await send('POST', '/api/v1/projects', { key: 'openfeature' });
  for (const { key, type, variations, metadata, ...flag } of OPENFEATURE_TEST_FLAGS) {
    const flags = '/api/v1/projects/openfeature/flags';
    await send('POST', flags, { key, type, variations, ...(metadata === undefined ? {} : { metadata }) });
    await send('PUT', `${flags}/${key}/environments/production`, {
      on: flag.on,
      offVariation: flag.offVariation ?? null,
      defaultServe: flag.defaultServe ?? null,
      targets: flag.targets,
      rules: flag.rules,
      prerequisites: flag.prerequisites,
    });
  }
  const scope = { kind: 'server', name: 'gherkin', project: 'openfeature', environment: 'production' };
  return (await send('POST', '/api/v1/tokens', scope)).secret;
}
