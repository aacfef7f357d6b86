export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Hundreds of MB that tests start as programs and never import.
  modulePathIgnorePatterns: ['<rootDir>/test/peers/\\w+/node_modules/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', {jsc: {target: 'es2023', parser: {syntax: 'typescript'}}, module: {type: 'es6'}, sourceMaps: 'inline'}],
  },
  // Many tests start processes: two at once is what two cores carry, and a busy machine is no failure.
  maxWorkers: 2,
  testTimeout: 30_000,
  // What a worker with 250 MB takes to free itself: measured 0.6 to 1.5 s with both cores taken. jest's own 0.5 s kills it then
  // and speaks of a leak. One that really leaks is still named, later.
  workerGracefulExitTimeout: 10_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/incident/**/*.ts', 'src/journal/**/*.ts'],
  coverageThreshold: {'src/incident/': {branches: 95}, 'src/journal/': {branches: 95}},
}
