import type {Draft, Recorded} from '../../incident/events.ts'
import {ROLES} from '../../incident/words.ts'
import type {Clock} from '../../lib/clock.ts'
import {parseDuration} from '../../lib/durations.ts'
import {answerApprove} from '../answer-approve.ts'
import {foldRun, type RunState} from '../fold.ts'
import {instanceOf} from '../identity.ts'
import {pinnedRunbook} from '../pinned.ts'
import type {Answer, JsonMap, Question} from '../ports.ts'
import type {FakeWorld} from './fake-world.ts'
import {TestGap} from './gap.ts'
import {bestMatch} from './pattern.ts'
import type {RawCase, TestAnswer} from './test-schema.ts'

export interface Asked {
  readonly question: Question
  readonly test: RawCase
  readonly world: FakeWorld
  readonly usedAnswers: Set<string>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly events: readonly Recorded[]
  say(drafts: readonly Draft[]): Promise<void>
}

type Said = Exclude<TestAnswer, string>

/** As many decisions about the failure of one step are a loop. */
const MOST_DECISIONS = 100

/** What the test's people say. An unknown outcome is told truthfully unless the test says otherwise. @throws TestGap */
export async function answerQuestion(asked: Asked): Promise<Answer> {
  const {question, test, world, usedAnswers, clock, signal} = asked
  const pattern = bestMatch(Object.keys(test.answers), question.step)
  const found = pattern === null ? undefined : test.answers[pattern]
  const said: Said = typeof found === 'object' ? found : {}
  const word = typeof found === 'string' ? found : null
  const answer = (word === 'skip' || word === 'stop') && question.of !== 'unknown' ? {answer: word} : answerFor(asked, said, word)
  if (answer === null) throw unanswered(question)
  if (pattern !== null) usedAnswers.add(pattern)
  if (said.after !== undefined) await clock.sleep(parseDuration(said.after), signal)
  if (answer === 'approve') return approveElsewhere(asked, said)
  return answer === 'truth' ? truth(world, question) : answer
}

function answerFor({question, events}: Asked, said: Said, word: string | null): Answer | 'approve' | 'truth' | null {
  switch (question.of) {
    case 'confirm':
      return said.confirm !== undefined ? {answer: said.confirm} : word === 'yes' ? {answer: 'yes'} : null
    case 'approve':
      if (question.answers.includes('override') && said.override !== undefined) return {answer: 'override', why: said.override}
      return said.approve === undefined ? null : 'approve'
    case 'manual':
      return manual(question, said, word)
    case 'failure':
      return failure(question, said, events)
    case 'unknown':
      return said.unknown === undefined ? 'truth' : {answer: said.unknown === 'retry' ? 'again' : said.unknown}
    case 'running': // nothing outlives its driver in a made-up world
      return null
    default:
      return question.of satisfies never
  }
}

function manual({outputs: wanted, evidence, text}: Question, {outputs = {}, evidence: shown, file}: Said, word: string | null): Answer | null {
  const lacks = Object.keys(wanted).filter(name => outputs[name] === undefined)
  const proof = file ?? shown
  if (lacks.length > 0 || (evidence === 'required' && proof === undefined)) return null
  if (word === null && Object.keys(outputs).length === 0 && proof === undefined) return null
  // A refused answer is asked for again, with the reason below the text.
  if (text.includes('\nwants ') || text.includes('\nthere is no output')) throw new TestGap(text.split('\n').at(-1) ?? text)
  return {answer: 'done', outputs: textsOf(outputs), ...(proof !== undefined && {evidence: proof})}
}

function failure({step, text, answers}: Question, {failure: wanted}: Said, events: readonly Recorded[]): Answer | null {
  if (wanted === undefined) return null
  const before = events.filter(
    ({kind, data}) => kind === 'decision.recorded' && data.of === 'failure' && data.by !== undefined && instanceOf(data.step).instance === step,
  )
  if (before.length > MOST_DECISIONS) throw new TestGap(`${step} was tried for ever: ${text}`)
  const list = Array.isArray(wanted) ? wanted : [wanted]
  const word = list[Math.min(before.length, list.length - 1)] ?? 'stop'
  if (word === 'undo' && !answers.includes('undo')) throw new TestGap(`${step} cannot be undone here: it has no undo, or nothing was sent`)
  return {answer: word === 'retry' ? 'again' : word}
}

function truth(world: FakeWorld, {step}: Question): Answer {
  if (!world.holds(step)) return {answer: 'again'}
  return {answer: 'done', outputs: textsOf(world.outputsOf(step))}
}

/** Others say so at their own terminal; the question here is answered by the record. */
async function approveElsewhere({question: {step}, events, say}: Asked, {approve = []}: Said): Promise<never> {
  let all = events
  for (const by of typeof approve === 'string' ? [approve] : approve) {
    const state = stateOf(all)
    if (state.approvals[step]?.some(given => given.by === by)) continue
    const drafts = answerApprove(state, pinnedRunbook(state), {step, by, roles: [...ROLES]})
    await say(drafts)
    all = [...all, ...drafts.map((draft): Recorded => ({...(all[0] as Recorded), ...draft}) as Recorded)] // only kind and data are folded
  }
  return new Promise<never>(() => {})
}

function stateOf(events: readonly Recorded[]): RunState {
  const [first] = events
  const state = first && 'run' in first.data && first.data.run !== undefined ? foldRun(first.data.run, events) : null
  if (!state) throw new Error('a question before the run began')
  return state
}

function textsOf(values: JsonMap | Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))
}

function unanswered({of, step, text, outputs, evidence}: Question): TestGap {
  const wants = {
    confirm: 'yes',
    approve: '{ approve: second }',
    manual:
      `{ ${[...(Object.keys(outputs).length > 0 ? [`outputs: { ${Object.keys(outputs).join(': …, ')}: … }`] : []), ...(evidence === 'required' ? ['file: trace.txt'] : [])].join(', ')} }`.replace(
        '{  }',
        'yes',
      ),
    failure: '{ failure: retry }',
    unknown: '{ unknown: done }',
    running: '{ unknown: done }',
  }[of]
  const asks = {
    confirm: 'asks',
    approve: 'wants an approval',
    manual: 'wants a person',
    failure: 'failed and asks',
    unknown: 'is unknown',
    running: 'still runs',
  }[of]
  return new TestGap(
    `${step} ${asks} and has no answer ("${text.split('\n')[0]?.slice(0, 200)}"): add \`answers: { ${/[[\]*]/.test(step) ? `"${step}"` : step}: ${wants} }\``,
  )
}
