import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {Draft, Recorded} from '../../src/incident/events.ts'
import type {Claim, Journal, Lease} from '../../src/journal/journal.ts'
import type {Keeper} from '../../src/journal/keeper.ts'
import {openMemoryJournal} from '../../src/journal/open-memory-journal.ts'
import {collect, HandClock, note, opened, testKeeper, textsOf, textsProjection} from '../journal/test-keeper.ts'

/** One record, and as many open journals on it as there are processes. */
export interface Bench {
  open(keeper: Keeper): Promise<Journal>
}

/** Emergency mode keeps events and order, and has neither chain nor transactions: those cases are shown as skipped. */
export interface Abilities {
  readonly chained: boolean
}

/** The promises of `Journal`, asked of each implementation. */
export function journalContract(name: string, makeBench: () => Promise<Bench>, {chained}: Abilities = {chained: true}): void {
  describe(`the journal contract: ${name}`, () => {
    const inChain = chained ? it : it.skip
    let clock: HandClock
    let bench: Bench
    let journal: Journal
    let all: Journal[]

    const open = async (keeper: Keeper = testKeeper(clock)) => {
      const other = await bench.open(keeper)
      all.push(other)
      return other
    }

    beforeEach(async () => {
      clock = new HandClock()
      bench = await makeBench()
      all = []
      journal = await open()
    })

    afterEach(async () => {
      for (const one of all) await one.close()
    })

    describe('append', () => {
      it('answers with what was recorded, and reads it back the same', async () => {
        const answer = await journal.append('0607-a', [opened('API down'), note('looking')])
        expect(answer).toHaveLength(2)
        expect(answer[0]).toMatchObject({v: 1, incident: '0607-a', kind: 'incident.opened', actor: {name: 'ada', kind: 'person'}})
        expect(await journal.events()).toEqual(answer)
      })

      it('gives an entry the present time, unless it says when it happened', async () => {
        const [now, before] = await journal.append(null, [note('now'), note('before', {at: '2012-06-07T15:50:00.000Z', basis: 'stated', precisionMs: 30_000})])
        expect(now).toMatchObject({at: '2012-06-07T15:52:41.000Z', recorded: '2012-06-07T15:52:41.000Z'})
        expect(before).toMatchObject({at: '2012-06-07T15:50:00.000Z', recorded: '2012-06-07T15:52:41.000Z', basis: 'stated', precisionMs: 30_000})
      })

      inChain('chains one record after another', async () => {
        const events = [...(await journal.append(null, [note('1'), note('2')])), ...(await journal.append('0607-a', [note('3')]))]
        expect(events.map(({seq}) => seq)).toEqual([1, 2, 3])
        expect(events.map(({prev}) => prev)).toEqual(['0'.repeat(64), events[0]?.hash, events[1]?.hash])
        expect(await journal.heads()).toEqual([{origin: journal.origin, epoch: journal.epoch, seq: 3, hash: events[2]?.hash}])
      })

      inChain('gives one chain to all who write', async () => {
        const other = await open(testKeeper(clock, 'bo'))
        for (let i = 0; i < 5; i += 1) await (i % 2 ? other : journal).append(null, [note(`${i}`)])
        expect((await other.events()).map(({seq}) => seq)).toEqual([1, 2, 3, 4, 5])
        expect(await journal.verify()).toMatchObject({ok: true, events: 5})
      })

      it('adds nothing when an id comes again with the same content', async () => {
        const draft = note('once', {id: '01a20cd0-c9bc-7543-894a-e3afd8f83af8'})
        const [first] = await journal.append('0607-a', [draft])
        clock.wall += 5000
        expect(await journal.append('0607-a', [draft])).toEqual([first])
        expect(await journal.events()).toHaveLength(1)
      })

      it('finds all of a batch again by the id of its first', async () => {
        const batch = [note('first', {id: '01a20cd0-c9bc-7543-894a-e3afd8f83af8'}), note('second'), note('third')]
        const before = await journal.append('0607-a', batch)
        expect(await journal.append('0607-a', batch)).toEqual(before)
        expect(await journal.events()).toHaveLength(3)
      })

      it('refuses an id that names something else, and says nothing was recorded', async () => {
        const id = '01a20cd0-c9bc-7543-894a-e3afd8f83af8'
        await journal.append('0607-a', [note('one', {id})])
        for (const [incident, draft] of [
          ['0607-a', note('other', {id})],
          ['0607-b', note('one', {id})],
          ['0607-a', note('one', {id, at: '2012-06-07T15:00:00.000Z'})],
        ] as const) {
          await expect(journal.append(incident, [note('beside'), draft])).rejects.toMatchObject({code: 'bug'})
        }
        expect(textsOf(await journal.events())).toEqual(['one'])
      })

      it('takes secrets out before anything is kept', async () => {
        const keeper = {...testKeeper(clock), redact: (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '[redacted]')) as unknown}
        const careful = await open(keeper)
        const [event] = await careful.append(null, [note('password hunter2')])
        expect(event).toMatchObject({data: {text: 'password [redacted]'}})
        expect(JSON.stringify([await careful.events(), await collect(careful.export())])).not.toContain('hunter2')
      })

      it('refuses a record over 1 MiB, one that is not JSON and one that nests too deep; none leaves a trace', async () => {
        let deep: unknown = 'x'
        for (let i = 0; i < 40; i += 1) deep = [deep]
        const decision = (value: unknown) => ({kind: 'decision.recorded', data: {run: 'r-1', step: 'a', of: 'if', value}}) as never
        await expect(journal.append(null, [note('beside'), note('x'.repeat(1 << 20))])).rejects.toMatchObject({code: 'record.too-large'})
        await expect(journal.append(null, [note('a lone \ud800 surrogate')])).rejects.toMatchObject({code: 'record.invalid'})
        await expect(journal.append(null, [decision(Number.NaN)])).rejects.toMatchObject({code: 'record.invalid'})
        await expect(journal.append(null, [decision(deep)])).rejects.toMatchObject({code: 'record.invalid'})
        await expect(journal.append(null, [note('x', {at: '2012-06-07 15:52'})])).rejects.toMatchObject({code: 'record.invalid'})
        expect(await journal.events()).toEqual([])
      })

      it('keeps a record just below 1 MiB', async () => {
        await journal.append(null, [note('x'.repeat((1 << 20) - 800))])
        expect(await journal.events()).toHaveLength(1)
      })

      it('keeps hostile text as it is', async () => {
        const text = '\u0000\u001b[2J\u202e"\\\n𝕊 __proto__ </script>'
        const [event] = await journal.append(null, [note(text)])
        expect(textsOf([event as Recorded])).toEqual([text])
        expect(textsOf(await journal.events())).toEqual([text])
      })
    })

    describe('decide', () => {
      inChain('numbers without a repetition, whoever asks', async () => {
        const others = [journal, await open(), await open()]
        const next = (texts: string[]) => [note(`${texts.length + 1}`)]
        await Promise.all(Array.from({length: 30}, (_, i) => others[i % 3]?.decide('0607-a', [textsProjection('0607-a')], next)))
        expect(textsOf(await journal.events())).toEqual(Array.from({length: 30}, (_, i) => `${i + 1}`))
      })

      it('records nothing when the proposal throws, and throws that', async () => {
        const refusal = new Error('no')
        await expect(
          journal.decide(null, [textsProjection()], () => {
            throw refusal
          }),
        ).rejects.toBe(refusal)
        expect(await journal.events()).toEqual([])
        await journal.append(null, [note('still works')])
      })

      it('hands over each state, in order', async () => {
        await journal.append('0607-a', [note('a')])
        await journal.append('0607-b', [note('b')])
        await journal.decide(null, [textsProjection('0607-b'), textsProjection()], (b, every) => [note(`${b.join()}|${every.join()}`)])
        expect(textsOf(await journal.events({last: 1}))).toEqual(['b|a,b'])
      })

      it('may propose nothing', async () => {
        expect(await journal.decide(null, [], () => [])).toEqual([])
      })
    })

    describe('fold', () => {
      it('agrees with folding everything, at every length', async () => {
        for (let i = 0; i < 130; i += 1) {
          await journal.append(i % 3 ? '0607-a' : null, [note(`${i}`)])
          const texts = Array.from({length: i + 1}, (_, j) => `${j}`)
          if (i % 7 === 0) expect(await journal.fold(textsProjection())).toEqual(texts)
          if (i % 11 === 0) expect(await journal.fold(textsProjection('0607-a'))).toEqual(texts.filter(text => Number(text) % 3))
        }
      })

      it('leaves out kinds it does not name', async () => {
        for (let i = 0; i < 120; i += 1) await journal.append('0607-a', [i % 2 ? note(`${i}`) : {kind: 'headline.set', data: {text: `${i}`}}])
        const projection = textsProjection('0607-a', ['headline.set'])
        const even = Array.from({length: 60}, (_, i) => `${i * 2}`)
        expect(await journal.fold(projection)).toEqual(even)
        await journal.append('0607-a', [note('not this'), {kind: 'headline.set', data: {text: 'this'}}])
        expect(await journal.fold(projection)).toEqual([...even, 'this'])
      })

      it('starts over when the projection has a new version', async () => {
        for (let i = 0; i < 60; i += 1) await journal.append(null, [note(`${i}`)])
        await journal.fold(textsProjection())
        const counting = {...textsProjection(), version: 2, initial: () => 0, evolve: (count: number) => count + 1}
        expect(await journal.fold(counting)).toBe(60)
      })
    })

    describe('many folds in one look', () => {
      it('are the folds one by one, in the order asked for', async () => {
        for (let i = 0; i < 60; i += 1) await journal.append(`0607-${i % 3}`, [note(`${i}`)])
        const projections = ['0607-2', '0607-0', '0607-9', '0607-1'].map(incident => textsProjection(incident))
        const together = await journal.foldAll(projections)
        expect(together).toEqual(await Promise.all(projections.map(each => journal.fold(each))))
        expect(together.map(({length}) => length)).toEqual([20, 20, 0, 20])
        expect(await journal.foldAll([])).toEqual([])
      })

      it('are right again after each kept its snapshot', async () => {
        for (let i = 0; i < 120; i += 1) await journal.append(`0607-${i % 2}`, [note(`${i}`)])
        const projections = ['0607-0', '0607-1'].map(incident => textsProjection(incident))
        const before = await journal.foldAll(projections)
        await journal.append('0607-1', [note('one more')])
        expect(await journal.foldAll(projections)).toEqual([before[0], [...(before[1] ?? []), 'one more']])
      })
    })

    inChain('says which incidents have records that came in after a mark', async () => {
      await journal.append('0607-a', [opened('API down')])
      const {mark, incidents} = await journal.arrivals(null)
      expect(incidents).toBeNull()
      expect(await journal.arrivals(mark)).toEqual({mark, incidents: new Set(), records: 0})
      const other = await open(testKeeper(clock, 'bob'))
      await other.append('0607-b', [opened('Slow'), note('one', {at: '2012-06-01T00:00:00.000Z'})])
      await other.append(null, [note('of none')])
      const later = await journal.arrivals(mark)
      expect(later).toMatchObject({incidents: new Set(['0607-b']), records: 3})
      expect(await journal.arrivals(later.mark)).toMatchObject({mark: later.mark, records: 0})
    })

    inChain('counts an imported record as come in, however old it is', async () => {
      await journal.append('0607-a', [opened('API down')])
      const elsewhere = openMemoryJournal(testKeeper(new HandClock(Date.parse('2011-01-01T00:00:00.000Z')), 'eve'))
      await elsewhere.append('0101-old', [opened('Long ago')])
      const {mark} = await journal.arrivals(null)
      await journal.import(elsewhere.export())
      expect((await journal.arrivals(mark)).incidents).toEqual(new Set(['0101-old']))
    })

    inChain('concludes nothing from a mark that is not of this record', async () => {
      await journal.append('0607-a', [opened('API down')])
      const {mark} = await journal.arrivals(null)
      const other = openMemoryJournal(testKeeper(clock, 'eve'))
      await other.append('0607-b', [opened('Slow')])
      const foreign = (await other.arrivals(null)).mark
      const beyond = mark?.replace(/\.1\./, '.2.') ?? ''
      const renamed = mark?.replace(/.$/, 'x') ?? ''
      for (const each of [null, '', 'nonsense', foreign, beyond, renamed]) expect(await journal.arrivals(each)).toEqual({mark, incidents: null, records: 0})
    })

    it('reads an incident of many handfuls whole and in order', async () => {
      const texts = Array.from({length: 600}, (_, i) => `${i}`)
      for (let i = 0; i < 600; i += 100) {
        await journal.append(
          '0607-a',
          texts.slice(i, i + 100).map(text => note(text)),
        )
        await journal.append('0607-b', [note('another one')])
      }
      expect(textsOf(await journal.events({incident: '0607-a'}))).toEqual(texts)
      expect(await journal.fold(textsProjection('0607-a'))).toEqual(texts)
    })

    describe('reading', () => {
      beforeEach(async () => {
        await journal.append('0607-a', [opened('API down'), note('one')])
        await journal.append('0607-b', [opened('Mail late')])
        await journal.append(null, [{kind: 'timer.set', data: {timer: 't', what: 'wait', due: '2012-06-07T16:00:00.000Z', run: 'r-1'}}])
        await journal.append('0607-a', [note('two'), {kind: 'incident.retitled', data: {title: 'API and web down'}}])
      })

      it.each([
        ['an incident', {incident: '0607-a'}, ['incident.opened', 'note.added', 'note.added', 'incident.retitled']],
        ['none', {incident: null}, ['timer.set']],
        ['a run', {run: 'r-1'}, ['timer.set']],
        ['kinds', {kinds: ['note.added', 'timer.set']}, ['note.added', 'timer.set', 'note.added']],
        ['one kind', {kinds: ['note.added']}, ['note.added', 'note.added']],
        ['no kind', {kinds: []}, []],
        ['the newest', {last: 2}, ['note.added', 'incident.retitled']],
        ['the newest of an incident and kind', {incident: '0607-a', kinds: ['note.added'], last: 1}, ['note.added']],
        ['an incident nobody knows', {incident: '0607-x'}, []],
      ])('finds %s', async (_, query, kinds) => {
        expect((await journal.events(query)).map(({kind}) => kind)).toEqual(kinds)
      })

      it('finds an entry by any part of its id, and by the whole', async () => {
        const [first] = await journal.events({kinds: ['note.added']})
        const id = first?.id ?? ''
        for (const idPart of [id, id.slice(-8), id.slice(9, 30)]) expect(await journal.events({idPart})).toContainEqual(first)
        expect(await journal.events({idPart: id, incident: '0607-b'})).toEqual([])
        expect(await journal.events({idPart: `${id.slice(0, -1)}g`})).toEqual([])
      })

      it('lists incidents, oldest first, by their latest title', async () => {
        expect(await journal.incidents()).toEqual([
          {id: '0607-a', title: 'API and web down', openedAt: '2012-06-07T15:52:41.000Z'},
          {id: '0607-b', title: 'Mail late', openedAt: '2012-06-07T15:52:41.000Z'},
        ])
        expect((await journal.incidents({part: '07-b'})).map(({id}) => id)).toEqual(['0607-b'])
        expect(await journal.incidents({part: '%'})).toEqual([])
      })

      it('sees what others commit, and its version tells', async () => {
        const other = await open()
        const before = await journal.version()
        expect(await journal.version()).toBe(before)
        await other.append(null, [note('from elsewhere')])
        const after = await journal.version()
        expect(after).not.toBe(before)
        expect(textsOf(await journal.events({last: 1}))).toEqual(['from elsewhere'])
        await journal.append(null, [note('our own')])
        expect(await journal.version()).not.toBe(after)
      })
    })

    describe('order', () => {
      it('holds when the clock steps back', async () => {
        await journal.append(null, [note('1')])
        clock.wall -= 3_600_000
        await journal.append(null, [note('2'), note('3')])
        clock.wall += 7_200_000
        await journal.append(null, [note('4')])
        expect(textsOf(await journal.events())).toEqual(['1', '2', '3', '4'])
      })

      it('says so when the clock is far behind the record', async () => {
        await journal.append(null, [note('1')])
        clock.wall -= 120_000
        await journal.append(null, [note('2')])
        if (chained) expect(journal.trouble()).toContainEqual(expect.objectContaining({code: 'clock-skew'}))
      })
    })

    describe('leases', () => {
      const granted = async (from: Journal, name: string, take = false): Promise<Lease> => {
        const answer = await from.lease(name, {take})
        if (!answer.held) throw new Error('refused')
        return answer.lease
      }

      inChain('go to one holder, and tell the other who has it', async () => {
        const other = await open()
        const lease = await granted(journal, 'run/r-1')
        expect(await other.lease('run/r-1')).toEqual({held: false, holder: `pid ${process.pid}`, until: '2012-06-07T15:53:11.000Z', alive: true})
        expect(await other.lease('run/r-2')).toMatchObject({held: true})
        await journal.release(lease)
        expect((await granted(other, 'run/r-1')).fence).toBeGreaterThan(lease.fence)
      })

      inChain('are asked for without being taken: whoever asks holds nobody up', async () => {
        const other = await open()
        expect(await other.leaseHolder('run/r-1')).toBeNull()
        const lease = await granted(journal, 'run/r-1')
        const held = {held: false, holder: `pid ${process.pid}`, until: '2012-06-07T15:53:11.000Z', alive: true}
        expect([await other.leaseHolder('run/r-1'), await journal.leaseHolder('run/r-1')]).toEqual([held, held])
        clock.wall += 31_000
        expect(await other.leaseHolder('run/r-1')).toBeNull()
        expect(await journal.renew(lease)).toBe(true)
        await journal.release(lease)
        expect(await other.leaseHolder('run/r-1')).toBeNull()
        expect((await granted(other, 'run/r-1')).fence).toBe(lease.fence + 1)
      })

      inChain('run out after 30 s, unless renewed', async () => {
        const other = await open()
        const lease = await granted(journal, 'a')
        clock.wall += 29_000
        expect(await journal.renew(lease)).toBe(true)
        clock.wall += 29_000
        expect(await other.lease('a')).toMatchObject({held: false})
        clock.wall += 2000
        expect(await other.lease('a')).toMatchObject({held: true})
        expect(await journal.renew(lease)).toBe(false)
      })

      inChain('fence an append: what was proposed under a lost lease is not recorded', async () => {
        const other = await open()
        const lease = await granted(journal, 'a')
        await journal.append(null, [note('mine')], {fence: lease})
        const taken = await granted(other, 'a', true)
        expect(taken.fence).toBeGreaterThan(lease.fence)
        await expect(journal.append(null, [note('late')], {fence: lease})).rejects.toMatchObject({code: 'lease.lost'})
        await other.append(null, [note('theirs')], {fence: taken})
        await other.release(taken)
        await expect(other.append(null, [note('released')], {fence: taken})).rejects.toMatchObject({code: 'lease.lost'})
        await journal.release(lease)
        expect(textsOf(await journal.events())).toEqual(['mine', 'theirs'])
      })

      inChain('never go to two at once', async () => {
        const contenders = [journal, await open(), await open(), await open()]
        for (let round = 0; round < 25; round += 1) {
          const answers = await Promise.all(contenders.map(contender => contender.lease('rod/api')))
          const held = answers.flatMap((answer, i) => (answer.held ? [{i, lease: answer.lease}] : []))
          expect(held).toHaveLength(1)
          for (const {i, lease} of held) await contenders[i]?.release(lease)
        }
      })
    })

    describe('timers', () => {
      const set = (timer: string, due: string): Draft => ({kind: 'timer.set', data: {timer, what: 'retry', due}})
      const fired = (timer: string): Draft => ({kind: 'timer.fired', data: {timer, lateMs: 0}})
      const DUE = '2012-06-07T15:52:41.000Z'
      const LATER = '2012-06-07T15:53:00.000Z'

      inChain('are claimed when they are due, the one due longest first, by one process', async () => {
        const other = await open()
        await journal.append('0607-a', [set('b', LATER), set('a', DUE)])
        expect(await other.claim('b')).toBeNull()
        clock.wall += 60_000
        expect(await other.claim()).toEqual({timer: 'a', fence: 1, incident: '0607-a', what: 'retry', dueMs: Date.parse(DUE)})
        expect(await journal.claim('a')).toBeNull()
        expect(await journal.claim()).toMatchObject({timer: 'b'})
        expect([await journal.claim(), await journal.claim('c')]).toEqual([null, null])
      })

      inChain('fire once: an append under a claim that was lost, or of a timer that is over, records nothing', async () => {
        const other = await open()
        await journal.append(null, [set('a', DUE)])
        const slow = await journal.claim('a')
        clock.wall += 31_000
        const quick = await other.claim('a')
        expect(quick?.fence).toBe(2)
        const append = (from: Journal, claim: Claim | null, text: string) => from.append(null, [note(text), fired('a')], claim ? {claim} : {})
        await expect(append(journal, slow, 'too late')).rejects.toMatchObject({code: 'lease.lost'})
        await append(other, quick, 'fired')
        await expect(append(other, quick, 'again')).rejects.toMatchObject({code: 'lease.lost'})
        await expect(append(journal, slow, 'later still')).rejects.toMatchObject({code: 'lease.lost'})
        expect(await other.claim('a')).toBeNull()
        expect(textsOf((await journal.events()).filter(({kind}) => kind === 'note.added'))).toEqual(['fired'])
      })

      inChain('are free again when they are given back, when the claim ran out, and when the clock is put back behind it', async () => {
        const other = await open()
        await journal.append(null, [set('a', '2012-06-07T10:00:00.000Z')])
        const claim = await journal.claim('a')
        await journal.unclaim(claim ?? {timer: '', fence: 0})
        expect(await other.claim('a')).toMatchObject({fence: 2})
        clock.wall += 30_001
        expect(await journal.claim('a')).toMatchObject({fence: 3})
        clock.wall -= 3_600_000
        expect(await other.claim('a')).toMatchObject({fence: 4})
      })

      inChain('are set again after they fired, and not when they were cancelled', async () => {
        await journal.append(null, [set('a', DUE), fired('a'), set('b', DUE), {kind: 'timer.cancelled', data: {timer: 'b'}}])
        expect(await journal.claim()).toBeNull()
        await journal.append(null, [set('a', DUE)])
        expect(await journal.claim()).toMatchObject({timer: 'a'})
      })

      inChain('of another machine are its own to fire', async () => {
        const elsewhere = openMemoryJournal(testKeeper(clock))
        await elsewhere.append(null, [set('theirs', DUE)])
        await journal.import(await collect(elsewhere.export()))
        expect([await journal.claim(), await journal.claim('theirs')]).toEqual([null, null])
        expect(await elsewhere.claim()).toMatchObject({timer: 'theirs'})
      })

      inChain('are the same when their table is built anew, claims and fences with them', async () => {
        const other = await open()
        await journal.append(null, [set('a', DUE), set('b', DUE), set('c', DUE), fired('c')])
        const claim = await journal.claim('a')
        await other.rebuildTimers()
        expect(await other.claim('a')).toBeNull()
        expect(await other.claim()).toMatchObject({timer: 'b'})
        await journal.append(null, [fired('a')], claim ? {claim} : {})
        await other.rebuildTimers()
        clock.wall += 60_000
        expect(await other.claim()).toMatchObject({timer: 'b', fence: 2})
        expect(await other.claim()).toBeNull()
      })
    })

    describe('export and import', () => {
      inChain('round-trip byte for byte, and a second time add nothing', async () => {
        await journal.append('0607-a', [opened('API down'), note('ünï 𝕊 \u2028')])
        await journal.append(null, [note('two', {at: '2012-06-07T15:00:00.000Z', approx: true, visibility: 'public'})])
        const lines = await collect(journal.export())
        const elsewhere = openMemoryJournal(testKeeper(clock))
        await elsewhere.append(null, [note('theirs')])
        expect(await elsewhere.import(lines)).toEqual({added: 3, duplicates: 0, gaps: [], stops: []})
        expect(await elsewhere.import(lines)).toEqual({added: 0, duplicates: 3, gaps: [], stops: []})
        expect(await journal.import(lines)).toEqual({added: 0, duplicates: 3, gaps: [], stops: []})
        const again = await collect(elsewhere.export())
        expect(again.filter(line => line.includes(`"origin":"${journal.origin}"`))).toEqual(lines)
        expect(await journal.import(again)).toEqual({added: 1, duplicates: 3, gaps: [], stops: []})
        expect(await collect(journal.export())).toEqual(again)
        expect(await journal.verify()).toMatchObject({ok: true, events: 4})
      })

      inChain('of a stream that stopped leave the rest alone', async () => {
        const elsewhere = openMemoryJournal(testKeeper(clock))
        await elsewhere.append(null, [note('1'), note('2'), note('3')])
        const [first = '', second = '', third = ''] = await collect(elsewhere.export())
        const {stops} = await journal.import([first, second.replace('"2"', '"x"'), third])
        expect(stops).toEqual([{origin: elsewhere.origin, epoch: 1, seq: 2, reason: 'corrupt', detail: expect.any(String)}])
        const left = [{origin: elsewhere.origin, epoch: 1, seq: 2, records: 2}] // said each time, or a script takes it for done
        expect(await journal.import([first, second, third])).toEqual({added: 0, duplicates: 1, gaps: [], stops: [], left})
        expect(await journal.events({kinds: ['stream.stopped']})).toHaveLength(1)
        await journal.append(null, [note('ours goes on')])
        expect(await journal.streams()).toContainEqual(expect.objectContaining({origin: elsewhere.origin, seq: 1, stopped: expect.objectContaining({seq: 2})}))
        expect(await journal.verify()).toMatchObject({ok: true})
      })
    })
  })
}
