// Unleash itself, on the PostgreSQL whose socket lies in argv[2]; says its port and ends with SIGTERM.
import {createRequire} from 'node:module'

const require = createRequire(import.meta.url)
const [folder, database, adminToken, clientToken] = process.argv.slice(2)

const token = (secret, type, environment, projects) => ({secret, type, environment, projects, tokenName: type})
const unleash = await require('unleash-server').start({
  db: {host: folder, port: 5432, user: 'unleash', password: 'unleash', database, ssl: false},
  server: {host: '127.0.0.1', port: 0},
  logLevel: 'error',
  versionCheck: {enable: false},
  telemetry: false,
  authentication: {
    type: 'open-source',
    initApiTokens: [token(adminToken, 'admin', '*', ['*']), token(clientToken, 'client', 'development', ['*'])],
  },
})
process.once('SIGTERM', async () => {
  await unleash.stop()
  process.exit(0)
})
process.stdout.write(`${JSON.stringify({port: unleash.server.address().port})}\n`)
