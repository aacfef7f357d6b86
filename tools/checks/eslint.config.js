import tseslint from 'typescript-eslint'

/**
 * Only what Biome cannot see: rules that need the types of libraries (an unawaited `fs.promises.writeFile`, got, execa).
 * Format, style and import order are Biome's. Errors fail the check; warnings are counted and printed. Run by run.mjs,
 * which asserts that every file was read.
 */
export default tseslint.config(
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: process.cwd()}},
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name=/^mkdir(Sync)?$/] Property[key.name="recursive"]',
          message: "Use makeFolder of lib/files.ts: Node's recursive mkdir never ends below /proc, and makes nothing durable.",
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
      // A port's method is async because its contract is, with or without an await in this implementation.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_'}],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      // `Position | 'unknown'` says more than `string`.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // A signal's reason and what others throw is rethrown as it came.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      // What came from outside is looked at twice: a check that the types call needless costs nothing.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Matters of form: shown, and left to the reviewer.
      'max-params': ['warn', 3],
      'max-lines-per-function': ['warn', {max: 40, skipComments: true}],
      '@typescript-eslint/restrict-template-expressions': ['warn', {allowNumber: true, allowBoolean: true}],
      '@typescript-eslint/no-unnecessary-type-assertion': 'warn',
      '@typescript-eslint/no-unnecessary-type-conversion': 'warn',
    },
  },
  {
    // stdout is a global, so "only cli, commands and the entry write there" is a lint rule and not an import rule.
    files: ['**/*.ts'],
    ignores: ['src/cli/**', 'src/commands/**', 'src/entry.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['stdout', 'stderr', 'exit'].map(property => ({
          object: 'process',
          property,
          message: 'Give the line to the desk (`narrate`), answer with a value, or throw a Fault: cli prints and sets the exit code.',
        })),
      ],
      'no-restricted-globals': ['error', {name: 'console', message: 'Answer with a value, or give the line to the desk (`narrate`).'}],
    },
  },
)
