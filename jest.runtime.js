import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import JestRuntime from 'jest-runtime';
import { useGlobals } from './jest.globals.js';

/**
 * Loads suites with Node's own modules, once per process, in place of Jest's, once per suite: to load the server anew and
 * to run it cold cost most suites more than their tests. What suites share so are modules, which keep nothing that
 * changes; `jest.environment.js` sees to what is global. Errors, dates and arrays are of one realm, too.
 */
export default class NodeModules extends JestRuntime {
  constructor(...given) {
    super(...given);
    running = this;
  }

  /** Jest's compiler and its cache on disk. */
  compile(path) {
    const code = this.transformCache.transform(path, ES_MODULES);
    const map = super.getSourceMaps().get(path);
    sourceMaps.set(path, map).set(pathToFileURL(path).href, map);
    return code;
  }

  getSourceMaps() {
    return sourceMaps;
  }

  /** Jest's runner keeps the tests of a suite in its module, so each suite has one of its own. */
  requireInternalModule(path) {
    delete require.cache[path];
    return require(path);
  }

  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    useGlobals({ ...globals, jest: this.jestGlobals.jestObjectFor(this._testPath) });
  }

  async unstable_importModule(path) {
    await import(pathToFileURL(path).href);
  }
}

const require = createRequire(import.meta.url);
const repository = new URL('.', import.meta.url).href;
const ES_MODULES = {
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
};

/** Of every module that this process has loaded, by its path and its URL: stacks have either. */
const sourceMaps = new Map();
let running;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!isSource(context.parentURL)) return nextResolve(specifier, context);
    if (specifier === '@jest/globals') return nextResolve(new URL('jest.globals.js', import.meta.url).href, context);
    if (!specifier.startsWith('.')) {
      return nextResolve(specifier, { ...context, conditions: [...context.conditions, 'sluice-source'] });
    }
    try {
      return nextResolve(specifier.replace(/\.js$/u, '.ts'), context);
    } catch {
      // It is written in JavaScript.
      return nextResolve(specifier, context);
    }
  },
  load(url, context, nextLoad) {
    if (!isSource(url)) return nextLoad(url, context);
    return { format: 'module', source: running.compile(fileURLToPath(url)), shortCircuit: true };
  },
});

function isSource(url) {
  return url?.startsWith(repository) === true && url.endsWith('.ts') && !url.includes('/node_modules/');
}
