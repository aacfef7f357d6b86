// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
import {describe, expect, it} from '@jest/globals'
import type {Draft} from '../../src/incident/events.ts'
import type {RunPorts} from '../../src/runbook/ports.ts'
import {drive, endOf, obedient, resentDifferently, twice} from './crashing.ts'
import {runbookOf} from './driving.ts'
import type {World} from './world.ts'

/**
 * The tests of this folder must be able to fail: each fault is planted between the engine and its ports, and must be seen
 * by what they look at. The first is no fault.
 */
type Plant = (ports: RunPorts) => RunPorts

const keeps =
  (wanted: (draft: Draft) => boolean): Plant =>
  ports => ({
    ...ports,
    append: async drafts => {
      const kept = drafts.filter(wanted)
      return kept.length > 0 ? ports.append(kept) : []
    },
  })

/** What is held back becomes durable only with the next append. */
function late(isLate: (draft: Draft) => boolean): Plant {
  return ports => {
    let held: readonly Draft[] = []
    return {
      ...ports,
      append: async drafts => {
        const all = [...held, ...drafts]
        held = all.filter(isLate)
        const now = all.filter(draft => !isLate(draft))
        return now.length > 0 ? ports.append(now) : []
      },
    }
  }
}

/** The outcome is written together with the intent, before anything was done. */
const outcomeBeforeEffect: Plant = ports => ({
  ...ports,
  append: drafts =>
    ports.append(
      drafts.flatMap((draft): readonly Draft[] =>
        draft.kind === 'step.started' ? [draft, {kind: 'step.finished', data: {run: draft.data.run, step: draft.data.step, ms: 0}}] : [draft],
      ),
    ),
})

/** The answer is written before the question is put. */
const fusedQuestion: Plant = ports => ({
  ...ports,
  ask:
    ports.ask &&
    (async (question, signal) => {
      if (question.of === 'confirm') {
        await ports.append([
          {kind: 'decision.recorded', data: {run: 'r-test', step: question.step, of: 'confirm', value: 'yes'}},
          {
            kind: 'step.started',
            data: {
              run: 'r-test',
              step: `${question.step}#1`,
              title: '',
              kind: 'run',
              effect: 'unsafe',
              resume: 'ask',
              sent: {argv: ['go'], env: {}, secrets: {}},
              key: `r-test/${question.step}`,
            },
          },
        ])
      }
      return ports.ask?.(question, signal) ?? {answer: 'stop'}
    }),
})

const keyWithAttempt: Plant = ports => ({
  ...ports,
  runCommand: (call, signal) => ports.runCommand({...call, key: `${call.key}#${call.attempt}`}, signal),
})

/** Rendered anew at each attempt: the clock has moved. */
const renderedAnew: Plant = ports => ({
  ...ports,
  runCommand: (call, signal) =>
    ports.runCommand({...call, argv: call.argv.map(item => (item.startsWith('2012-') ? new Date(ports.clock.now()).toISOString() : item))}, signal),
})

const STEPS = `
  - id: contain
    if: rods.inserted == 0
    steps:
      - { id: rod, uses: rod/insert, with: { rod: api, why: w } }
      - { id: go, run: [go], confirm: Sure? }
  - { id: stamp, run: [flaky, "1", "\${{ now }}"], effect: idempotent, retry: { max: 1, delay: 2s } }
  - id: each
    for_each: 'rods.inserted == 1 ? ["a", "b"] : ["c"]'
    steps:
      - { id: out, uses: rod/withdraw, with: { rod: api } }
      - { id: scale, run: [go, "\${{ item }}"], effect: idempotent }
  - { id: draft, uses: postmortem/draft }
`

/** The first thing that is wrong, looked for at every point; null: nothing. */
async function foundIn(plant: Plant): Promise<string | null> {
  const runbook = runbookOf(STEPS)
  const setup = (world: World) => {
    obedient(world)
    const ports = world.ports.bind(world)
    world.ports = () => plant(ports())
  }
  const clean = endOf(await drive(runbook, obedient, [], false))
  try {
    const whole = await drive(runbook, setup, [], false)
    if (JSON.stringify(endOf(whole)) !== JSON.stringify(clean)) return 'another end'
    for (let at = 1; at < whole.points; at++) {
      const broken = await drive(runbook, setup, [at], false)
      if (JSON.stringify(endOf(broken)) !== JSON.stringify(clean)) return 'another end after a crash'
      if (twice(broken).length > 0) return 'twice'
      if (resentDifferently(broken).length > 0) return 'sent differently, or under another key'
    }
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('a planted fault is caught', () => {
  it.each<[string, Plant, RegExp | null]>([
    ['none', ports => ports, null],
    ['the outcome before the effect', outcomeBeforeEffect, /another end/],
    ['the intent after the effect', late(({kind}) => kind === 'step.started'), /before its intent was durable/],
    ['a question fused with what comes after it', fusedQuestion, /asked about after its intent/],
    ['a key that carries the attempt', keyWithAttempt, /under another key/],
    ['what was sent, rendered anew', renderedAnew, /sent differently/],
    ['no decision of an `if`', keeps(({kind, data}) => !(kind === 'decision.recorded' && data.of === 'if')), /another end/],
    ['no decision of a `for_each`', keeps(({kind, data}) => !(kind === 'decision.recorded' && data.of === 'for_each')), /another end/],
    ['an outcome that is lost', keeps(({kind}) => kind !== 'step.finished'), /./],
  ])('%s', async (_, plant, found) => {
    const what = await foundIn(plant)
    if (found === null) expect(what).toBeNull()
    else expect(what).toMatch(found)
  })
})
