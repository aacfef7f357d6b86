import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {requireTool} from '../servers/require-tool.ts'

/**
 * Whether the contract suite of drivers, and the traps beside it, would see what they are there for: each fault is
 * planted into one driver, and the driver's own test must fail in the place that guards against it.
 */
interface Plant {
  readonly fault: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  readonly test: string
  /** Of the test that must fail: a regular expression, as `jest -t` takes it. */
  readonly seenBy: string
  /** A program the test needs. */
  readonly tool?: string
}

const HTTP = 'src/rods/drivers/http.ts'
const REDIS = 'src/rods/drivers/redis.ts'

const PLANTS: readonly Plant[] = [
  {
    fault: 'http: unreachable reads withdrawn',
    file: HTTP,
    from: "if (told.document === undefined) return {position: 'unknown'",
    to: "if (told.document === undefined) return {position: 'withdrawn'",
    test: 'test/rods/drivers/http.test.ts',
    seenBy: 'the http driver .* 8: ',
  },
  {
    fault: 'redis: unreachable reads withdrawn',
    file: REDIS,
    from: "instanceof Fault)) throw error\n    return {position: 'unknown'",
    to: "instanceof Fault)) throw error\n    return {position: 'withdrawn'",
    test: 'test/rods/drivers/redis.test.ts',
    seenBy: 'the redis .key. driver .* 8: ',
    tool: 'redis-server',
  },
  {
    fault: 'http: a second try in set',
    file: 'src/rods/http-control.ts',
    from: 'let answer = await exchange({...request, ...LIMITS}, call.signal)\n',
    to: 'let answer = await exchange({...request, ...LIMITS}, call.signal)\n  if (answer.status === null) answer = await exchange({...request, ...LIMITS}, call.signal)\n',
    test: 'test/rods/drivers/http.test.ts',
    seenBy: 'the http driver .* 7: ',
  },
  {
    fault: 'redis: a second try in set',
    file: REDIS,
    from: 'set: (to, call) => set(rod, to, call),',
    to: 'set: (to, call) => set(rod, to, call).catch(() => set(rod, to, call)),',
    test: 'test/rods/drivers/redis.test.ts',
    seenBy: 'the redis .key. driver .* 7: ',
    tool: 'redis-server',
  },
  {
    fault: 'http: a redirect is followed',
    file: 'src/lib/http-exchange.ts',
    from: 'followRedirect: false',
    to: 'followRedirect: true',
    test: 'test/rods/drivers/http-traps.test.ts',
    seenBy: 'a redirect is somebody else answering',
  },
  {
    fault: 'http: a secret in the evidence',
    file: HTTP,
    from: "position: 'unknown', evidence: withoutSecrets(",
    to: "position: 'unknown', evidence: JSON.stringify(headers) + String(",
    test: 'test/rods/drivers/http.test.ts',
    seenBy: 'the http driver .* 6: ',
  },
  {
    fault: 'redis: a secret in what is acknowledged',
    file: REDIS,
    from: 'shown: url.shown,\n',
    to: 'shown: url.sent,\n',
    test: 'test/rods/drivers/redis.test.ts',
    seenBy: 'the redis .key. driver .* 1: ',
    tool: 'redis-server',
  },
  {
    fault: 'redis: replies counted in characters',
    file: 'src/rods/resp.ts',
    from: 'const end = from + length\n',
    to: "const end = from + Buffer.byteLength(bytes.toString('utf8', from).slice(0, length))\n",
    test: 'test/rods/drivers/redis.test.ts',
    seenBy: 'the redis .key with values. driver .* 1: ',
    tool: 'redis-server',
  },
  {
    fault: 'haproxy: a key that is missing is added',
    file: 'src/rods/drivers/haproxy.ts',
    from: 'const said = await askCli(address, line, signal)\n',
    to: "let said = await askCli(address, line, signal)\n  if (said.text?.startsWith('entry not found')) said = await askCli(address, line.replace('set map', 'add map'), signal)\n",
    test: 'test/rods/drivers/haproxy-traps.test.ts',
    seenBy: 'of which the key is gone: refused, never added',
    tool: 'haproxy',
  },
]

const root = join(import.meta.dirname, '../..')

describe('a planted fault is seen', () => {
  for (const plant of PLANTS) {
    const itHere = plant.tool === undefined ? it : requireTool(plant.tool)
    itHere(
      plant.fault,
      async () => {
        expect(readFileSync(join(root, plant.file), 'utf8').split(plant.from)).toHaveLength(2)
        const {passed, failed, broken} = await runTests(plant)
        expect({broken, passed}).toEqual({broken: 0, passed: []})
        expect(failed).toEqual([expect.stringMatching(plant.seenBy)])
      },
      120_000,
    )
  }

  it('and where nothing is planted the same tests pass', async () => {
    const [test, seenBy] = ['test/rods/drivers/http.test.ts', 'the http driver .* [678]: ']
    const {broken, failed, passed} = await runTests({file: 'no such file', from: '', to: '', test, seenBy})
    expect({broken, failed, passed: passed.length}).toEqual({broken: 0, failed: [], passed: 3})
  }, 120_000)
})

interface Report {
  readonly numRuntimeErrorTestSuites: number
  readonly testResults: readonly {readonly assertionResults: readonly {readonly fullName: string; readonly status: string}[]}[]
}

/** The names of the tests that ran, in a jest of their own. */
async function runTests({file, from, to, test, seenBy}: Pick<Plant, 'file' | 'from' | 'to' | 'test' | 'seenBy'>) {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
  const argv = [...jest, '--config', 'test/contracts/planted.config.mjs', '--runInBand', '--json', '--silent', '--forceExit', '-t', seenBy, test]
  const env = {...process.env, SCRAM_PLANT: JSON.stringify({file, from, to})}
  const report = await new Promise<Report>((resolve, reject) => {
    execFile(process.execPath, argv, {cwd: root, env, maxBuffer: 16 * 1024 * 1024, timeout: 100_000}, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as Report)
      else reject(new Error(`jest reported nothing: ${stderr.slice(-2000)}`, {cause: error}))
    })
  })
  const ran = report.testResults.flatMap(({assertionResults}) => assertionResults)
  const named = (wanted: string) => ran.filter(({status}) => status === wanted).map(({fullName}) => fullName)
  return {broken: report.numRuntimeErrorTestSuites, passed: named('passed'), failed: named('failed')}
}
