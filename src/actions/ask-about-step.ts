import type {Answer, Question, RunPorts} from '../runbook/ports.ts'
import type {Ask} from './desk.ts'

const WORDS: Readonly<Record<Answer['answer'], string>> = {
  yes: 'yes, do it',
  done: 'it is done',
  again: 'run it again',
  undo: 'undo this step',
  override: 'go on without the approval (you say why)',
  wait: 'wait until it ends',
  end: 'end it (SIGTERM, after 10 s SIGKILL)',
  skip: 'skip this step',
  stop: 'stop here (the run is parked)',
}

/** What is listed first is what Enter alone takes: that must never be an effect. */
const stopFirst = (a: Answer['answer'], b: Answer['answer']) => Number(b === 'stop') - Number(a === 'stop')

/** A question of a run, put to the person at the terminal. Ctrl-C rejects. No answer is a default. */
export function askPerson(ask: Ask, narrate: (line: string) => void): NonNullable<RunPorts['ask']> {
  return async (question, signal) => {
    for (const line of linesOf(question)) narrate(line)
    const choices = question.answers.toSorted(stopFirst).map(value => ({value, name: WORDS[value]}))
    const answer = await ask.choose(`${question.step}:`, choices, signal)
    if (answer === 'override') return {answer, why: await ask.text('why go on without the approval:', signal)}
    if (question.of === 'unknown' && answer === 'done') return {answer, outputs: await known(ask, question, signal)}
    if (question.of !== 'manual' || answer !== 'done') return {answer}
    const outputs: Record<string, string> = {}
    for (const name of Object.keys(question.outputs)) outputs[name] = await ask.text(`${name}:`, signal)
    const evidence = question.evidence === 'required' ? await ask.text('evidence (what shows it):', signal) : ''
    return {answer, outputs, ...(evidence !== '' && {evidence})}
  }
}

/** Scram did not see what came out; whoever looked may. */
async function known(ask: Ask, {outputs}: Question, signal: AbortSignal): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for (const [name, type] of Object.entries(outputs)) {
    const text = type === 'list' ? '' : await ask.text(`${name}, if you know it (else Enter):`, signal)
    if (text !== '') said[name] = text
  }
  return said
}

/** What is asked and the exact effect, line by line: a question that is cut off at the edge is answered blindly. */
function linesOf({title, text, lines}: Question): readonly string[] {
  return [title, ...text.trimEnd().split('\n'), ...lines]
    .filter((line, at, all) => line.trim() !== '' && all.indexOf(line) === at)
    .map(line => `  ${line.replaceAll('\n', '\n  ')}`)
}
