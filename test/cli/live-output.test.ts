import {describe, expect, it} from '@jest/globals'
import {whileAsking} from '../../src/cli/live-line.ts'
import {liveOutput} from '../../src/cli/live-output.ts'

function reader(columns = 40) {
  const shown: string[] = []
  return {shown, output: liveOutput(() => columns, lines => shown.push(...lines))} // biome-ignore format: one line
}

describe('what a command writes, for reading along', () => {
  it('stands behind a bar, line by line, whatever its pieces; the last one, too, when the step ends', () => {
    const {shown, output} = reader()
    output.say('push', 'one\ntw')
    output.say('push', 'o\nthree')
    expect(shown).toEqual([])
    output.end('push')
    expect(shown).toEqual(['│ one', '│ two', '│ three'])
  })

  it('is harmless and fits: no codes, no bidi, no second line of a terminal', () => {
    const {shown, output} = reader(20)
    output.say('push', '\u001b[31mred\u001b[0m \u202egood\u0007\n\u001b]0;title\u0007\u001b[2Jwiped\na\tb\n界界界界界界界界界界界界\n')
    output.end()
    expect(shown).toEqual(['│ red good', '│ wiped', '│ a b', '│ 界界界界界界界界…'])
  })

  it('of a flood the end is shown and the rest counted; of a line without an end, its end; of a progress bar, its last turn', () => {
    const {shown, output} = reader()
    for (let i = 1; i <= 5000; i++) output.say('push', `line ${i}\n`)
    output.say('push', `${'x'.repeat(1_000_000)}\n10 %\r20 %\r30 %\r\n`)
    output.end()
    expect(shown).toHaveLength(11)
    expect([shown[0], shown[1], shown[9], shown[10]]).toEqual(['│ … 4992 lines more', '│ line 4993', `│ ${'x'.repeat(37)}…`, '│ 30 %'])
  })

  it('names who speaks where several do', () => {
    const {shown, output} = reader()
    output.say('canary', 'a\n')
    output.say('production', 'b\n')
    output.end('canary')
    output.say('production', 'c\n')
    output.end()
    expect(shown).toEqual(['│ canary  a', '│ production  b', '│ c'])
  })

  it('waits while a person is asked, also what a step said that ends meanwhile', async () => {
    const {shown, output} = reader()
    const {promise: answer, resolve} = Promise.withResolvers<void>()
    const asked = whileAsking(() => answer)
    output.say('push', 'why it failed')
    output.end('push')
    expect(shown).toEqual([])
    resolve()
    await asked
    output.end()
    expect(shown).toEqual(['│ why it failed'])
  })
})
