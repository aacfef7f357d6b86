import base from '../../jest.config.mjs'

/** Tests beside heavy peers: `npm run test:peers` installs what they need and runs them; `npm test` does not know them. */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/peers'],
  testMatch: ['**/*.peer.ts'],
  testTimeout: 120_000,
}
