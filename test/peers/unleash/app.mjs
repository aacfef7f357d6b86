// An app as users meet it: it asks Unleash's client for Node with that client's own defaults (a refresh every 15 s) and
// answers 200 while the flag is on, 503 while it is off. argv: address of Unleash, client token, flag.
import {createServer} from 'node:http'
import {startUnleash} from 'unleash-client'

const [url, token, flag] = process.argv.slice(2)
const client = await startUnleash({url: `${url}/api`, appName: 'checkout', customHeaders: {Authorization: token}, disableMetrics: true})
client.on('error', error => process.stderr.write(`${error.message}\n`))
const server = createServer((_, response) => response.writeHead(client.isEnabled(flag) ? 200 : 503, {connection: 'close'}).end())
process.once('SIGTERM', () => {
  client.destroy()
  server.close(() => process.exit(0))
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({port: server.address().port})}\n`))
