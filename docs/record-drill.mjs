// Records a real `scram drill run --auto` and draws what it printed as docs/drill.svg. Run after `npm install`:
//   node docs/record-drill.mjs
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const COLUMNS = 112
const ROW = 19
const CHARACTER = 8.43
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const out = mkdtempSync(join(tmpdir(), 'scram-record-'))

const child = spawn(join(root, 'bin/scram'), ['drill', 'run', '--auto', '--out', join(out, 'drill')], {stdio: ['ignore', 'pipe', 'pipe']})
let text = ''
for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
child.on('close', code => {
  const lines = text
    .replaceAll(out, '')
    .trimEnd()
    .split('\n')
    .map(line => (line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line))
  if (code === 0) writeFileSync(join(root, 'docs/drill.svg'), draw(['$ scram drill run --auto --out drill', ...lines]))
  else process.stderr.write(`the drill ended with ${code}; nothing was drawn\n${text}`)
  rmSync(out, {recursive: true, force: true})
  process.exitCode = code ?? 1
})

function draw(lines) {
  const width = Math.ceil(COLUMNS * CHARACTER + 32)
  const height = lines.length * ROW + 32
  const rows = lines.map((line, i) => `<text x="16" y="${30 + i * ROW}" fill="${colour(line)}" xml:space="preserve">${escaped(line)}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal: scram drill run, each step as it happens">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">
${rows.join('\n')}
</g></svg>
`
}

function colour(line) {
  if (line.startsWith('$')) return '#ffffff'
  if (line.startsWith('✓') || line.startsWith('■')) return '#3fb950'
  if (line.startsWith('✗') || line.startsWith('!')) return '#f85149'
  if (line.startsWith('–') || line.startsWith('?')) return '#d29922'
  return '#c9d1d9'
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
