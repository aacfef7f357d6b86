import {type Answer, type Call, listen} from './listen.ts'
import type {RunningRole} from './role.ts'
import {Router} from './router.ts'

/**
 * The router's door: `GET /app/NAME` answers 200 once live, 503 before; `GET /healthz`, `GET /stats`; `GET /version/patched`
 * 200 where that one runs; `POST /break` puts the unusual record into its data, `POST /deploy {"version": "patched"}` brings
 * the version that knows it.
 */
export async function runRouter(): Promise<RunningRole> {
  const router = new Router()
  const server = await listen(call => answer(router, call))
  return {
    ports: {port: server.port},
    meet: nodes => router.boot(`${nodes.manager}/snapshot`),
    close() {
      router.stop()
      server.close()
    },
  }
}

function answer(router: Router, {method, path, body}: Call): Answer {
  const {stats} = router
  if (method === 'GET' && path.startsWith('/app/')) {
    if (stats.mode === 'live') return {status: 200, json: {app: path.slice('/app/'.length)}}
    return {status: 503, json: {error: stats.crashes > 0 ? 'crash loop' : 'booting'}}
  }
  switch (`${method} ${path}`) {
    case 'GET /version/patched':
      return {status: stats.version === 'patched' ? 200 : 503, json: {version: stats.version}}
    case 'GET /healthz':
      return {status: stats.mode === 'live' ? 200 : 503, json: stats}
    case 'GET /stats':
      return {status: 200, json: stats}
    case 'POST /break':
      return {status: 200, json: router.break()}
    case 'POST /deploy': {
      const version = body instanceof Object && 'version' in body ? body.version : undefined
      if (version !== 'patched') return {status: 422, json: {error: '"version" must be "patched"'}}
      return {status: 200, json: router.patch()}
    }
    default:
      return {status: 404, json: {error: 'no such path'}}
  }
}
