import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The text of every TypeScript file the rules cover, by repository path. */
export function readSources(repository: string): Record<string, string> {
  const paths = globSync(['server/src/**/*.ts', 'sdk/src/**/*.ts'], { cwd: repository })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !/^server\/src\/platform\/(?:prisma|grpc)\/generated\//u.test(path) && !path.endsWith('.d.ts'));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(repository, path), 'utf8')]));
}
