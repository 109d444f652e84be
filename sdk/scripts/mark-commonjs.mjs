// dist/cjs lies in a package that is `"type": "module"`; this is what makes Node read it as CommonJS.
import { writeFileSync } from 'node:fs';

writeFileSync(new URL('../dist/cjs/package.json', import.meta.url), '{ "type": "commonjs" }\n');
