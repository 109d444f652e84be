import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/coverage/',
    '.sluice/',
    'server/src/platform/prisma/generated/',
    'server/src/platform/grpc/generated/',
    'web/src/api/generated/',
  ]),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Mistakes that types alone let through.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-param-reassign': 'error',
      // In files with decorators the rule stays silent: Nest needs value imports for its metadata.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { inheritedMethods: false } }],
      // A fake or an in-memory adapter keeps its port's promise without waiting for anything.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  // expect(fake.method) never calls it.
  { files: ['**/*.spec.ts'], rules: { '@typescript-eslint/unbound-method': 'off' } },
  // Where writing to the console is the purpose.
  {
    files: [
      'server/src/main.ts',
      'sdk/src/logger.ts',
      'scripts/**/*.ts',
      'web/scripts/*.ts',
      'bench/**/*.ts',
      'examples/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs}', '*.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { eqeqeq: 'error' },
  },
);
