// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {findingLine} from '../../src/runbook/finding.ts'
import {importMarkdown} from '../../src/runbook/import-markdown.ts'
import {lintRunbook} from '../../src/runbook/lint.ts'
import {type Loaded, loadRunbook} from '../../src/runbook/load.ts'
import {runbookMarkdown} from '../../src/runbook/markdown.ts'
import {nodesOf} from '../../src/runbook/runbook.ts'
import {readScramFence, writeScramFence} from '../../src/runbook/scram-fence.ts'
import {starter} from '../../src/runbook/starter.ts'
import {EVERY_KEY, OTHER} from './every-key.ts'
import {ACTIONS} from './world.ts'

function read(text: string): Loaded {
  const loading = loadRunbook('a.yaml', text, () => ({path: 'other.yaml', text: OTHER}))
  if (!loading.ok) throw new Error(`${loading.findings.map(findingLine).join('\n')}\n${text}`)
  return loading.loaded
}

const WIKI = `---
severity: sev2
---
# Database is slow

Only for the primary.

## Look

- [ ] Open the dashboard
* [x] Check replication: lag & "slots"
  Look at pg_stat_replication.
1. Call the owner, say \${{ hello }}

## Fix
### Shed load
- [ ] Restart the pooler

  ~~~sh {"name":"pooler"}
  $ systemctl restart pgbouncer
  ~~~

\`\`\`bash
for i in 1 2; do
  echo "$i"
done
\`\`\`

- [ ] Same
- [ ] Same

## Notes
Nothing to do here.
`

describe('a page of a wiki', () => {
  const {text, id, steps, warnings} = importMarkdown(WIKI, 'page')
  const {runbook} = read(text)

  it('becomes a runbook: headings are groups, boxes and numbers a person, fences scripts that ask first', () => {
    expect([id, steps, runbook.title, runbook.severity]).toEqual(['database-is-slow', 7, 'Database is slow', 'sev2'])
    expect([...nodesOf(runbook.steps)].map(({kind, id: step}) => `${kind} ${step}`)).toEqual([
      'group look', 'manual open_the_dashboard', 'manual check_replication_lag_slots_look_at', 'manual call_the_owner_say_hello', 'group fix', 'group shed_load',
      'run pooler', 'run for_i_in_1_2_do_echo_i_done', 'manual same', 'manual same_2',
    ]) // biome-ignore format: one look
    const [, , lag, call, , , pooler, loop] = [...nodesOf(runbook.steps)]
    expect(lag).toMatchObject({text: 'Check replication: lag & "slots"\nLook at pg_stat_replication.\n'})
    expect(call).toMatchObject({text: 'Call the owner, say $${{ hello }}'})
    expect(pooler).toMatchObject({name: 'Restart the pooler', script: 'systemctl restart pgbouncer', confirm: true})
    expect(loop).toMatchObject({script: 'for i in 1 2; do\n  echo "$i"\ndone\n', argv: ['bash', '-euo', 'pipefail', '-c', expect.anything()]})
  })

  it('says what to look at, and drops nothing', () => {
    expect(warnings).toEqual([
      'line 19: this shell text runs as it stands, after a question; read it first',
      'line 23: this shell text runs as it stands, after a question; read it first',
    ])
    expect(text).toContain('  # Only for the primary.\n')
    expect(text).toContain('  # Notes\n  # Nothing to do here.\n')
  })

  it('has no errors', async () => {
    const found = await lintRunbook(read(text), {actions: ACTIONS, names: null})
    expect(found.filter(({level}) => level === 'E')).toEqual([])
  })

  it('whatever is in it becomes a runbook that reads, or no steps at all', () => {
    const bit = fc.constantFrom(
      '- [ ] ', '1. ', '# ', '## ', '#### ', '```sh\n', '```\n', '~~~\n', '\n', '\n\n', '  ', '\t', 'word', ': ', '"', "'", '#', '${{', '}}', '|', '- ', '---\n',
      '\u202e', '\r\n', '\u0000', '&a', '*b', '!x', '%', '@', '`', '\\', 'null', 'true', '7', '\ud800', 'é', '$ ', '=', '===\n',
    ) // biome-ignore format: one look
    fc.assert(
      fc.property(fc.array(bit, {maxLength: 40}), bits => {
        const made = importMarkdown(bits.join(''), 'page')
        return made.steps === 0 || read(made.text).runbook.id === made.id
      }),
      {numRuns: 600, examples: [[['# ', '\n', '- [ ] ']]]}, // a title of nothing is the file's name
    )
  })
})

describe('a runbook as Markdown', () => {
  it.each([
    ['every kind', EVERY_KEY],
    ['the shipped drill', readFileSync(join(import.meta.dirname, '../../runbooks/drill-routing.yaml'), 'utf8')],
    ['fences inside', 'scram: 1\nrunbook: f\ntitle: F\nsteps:\n  - id: a\n    run: |\n      cat <<E\n      ```yaml scram\n      ````\n      E\n'],
    ['no newline at its end', 'scram: 1\nrunbook: f\ntitle: F\nsteps: [{ id: a, manual: x }]'],
    ['the newlines of another system', 'scram: 1\r\nrunbook: f\r\ntitle: F\r\nsteps: [{ id: a, manual: x }]\r\n'],
  ])('comes back word for word: %s', (_, text) => {
    const page = runbookMarkdown(read(text))
    expect(importMarkdown(page, 'x')).toMatchObject({text, isExact: true})
  })

  it('the fence keeps any text', () => {
    const bit = fc.constantFrom('`', '```', '````', '\n', '\r', '\r\n', '~~~', 'yaml scram', 'x', ' ', '\u2028')
    fc.assert(
      fc.property(fc.array(bit, {maxLength: 30}), fc.string(), (bits, more) => {
        const text = bits.join('') + more
        return readScramFence(`# page\n\n${writeScramFence(text)}\nmore`) === text
      }),
      {numRuns: 1000},
    )
  })

  it('has a box for each step, a heading for each group, and names its scripts as Runme wants them', () => {
    const page = runbookMarkdown(read(EVERY_KEY))
    expect(page).toContain('---\nrunbook: "every-key"\ntitle: "Every key once"\nseverity: "sev1"\n---\n\n# Every key once\n')
    expect(page).toContain('\n## patch: Patch, for each of canary, production\n\n- [ ] push ')
    expect(page).toContain('\n  ```sh {"name":"push"}\n  routerctl deploy \'${{ item }}\'\n  ```\n')
    expect(page).toContain('\n- [ ] fault  a person  Find the fault\n\n  Look for a crash loop.\n')
    const boxes = [...nodesOf(read(EVERY_KEY).runbook.steps)].filter(({kind}) => kind !== 'group' && kind !== 'parallel' && kind !== 'call').length
    expect(page.match(/^- \[ \] /gm)).toHaveLength(boxes + 1 + 1) // what it calls, and what runs after an abort
  })
})

describe('the runbook to begin with', () => {
  it('lints clean', async () => {
    expect((await lintRunbook(read(starter('web-down').text), {actions: ACTIONS, names: null})).map(findingLine)).toEqual([])
  })
})
