/**
 * A process that claims the timers of a journal and fires each by an append under its claim, until none is left. After
 * so many it kills itself between the claim and the append: the worst moment there is.
 */
import {openJournal} from '../../src/journal/open-journal.ts'
import {systemClock} from '../../src/lib/clock.ts'
import {makeIds} from '../../src/lib/ids.ts'
import {randomBytes} from '../../src/lib/random.ts'

const [, , home = '', most = '0'] = process.argv
const journal = await openJournal({home, clock: systemClock, ids: makeIds(randomBytes), actor: {name: 'racer', kind: 'watch'}, redact: value => value})
for (let n = 0; ; n += 1) {
  const claim = await journal.claim()
  if (!claim) break
  if (n === Number(most)) process.kill(process.pid, 'SIGKILL')
  await journal.append(null, [{kind: 'timer.fired', data: {timer: claim.timer, lateMs: 0}}], {claim})
}
await journal.close()
