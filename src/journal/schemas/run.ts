import * as z from 'zod'
import * as w from './words.ts'

const ofRun = {run: w.text}
const ofStep = {run: w.text, step: w.text}
const said = {bytes: w.maybe(w.number), digest: w.maybe(w.text), tail: w.maybe(w.text)}
const timerKind = z.enum(['wait', 'promise', 'approve', 'update', 'expiry', 'retry'])
const scheduled = z.object({
  text: w.text,
  status: w.maybe(w.publicStatus),
  next: w.maybe(w.number),
  components: w.maybe(w.components),
  workspace: w.text,
})
const policy = z.object({
  mode: z.enum(['prompt', 'draft', 'auto']),
  fallback: w.maybe(w.text),
  everyMs: w.maybe(w.number),
  atMostMs: w.maybe(w.number),
})

const pinned = z.record(w.text, z.object({text: w.text, sha256: w.text, path: w.text}))

/** Runs of runbooks, their steps, decisions and timers. */
export const run = {
  'run.started': z.object({
    ...ofRun,
    runbook: w.text,
    title: w.text,
    text: w.text,
    sha256: w.text,
    path: w.text,
    inputs: w.jsons,
    mode: z.enum(['person', 'auto']),
    workspace: w.maybe(w.text),
    workspaceSha256: w.maybe(w.text),
    from: w.maybe(w.text),
    plan: w.maybe(w.text),
    called: w.maybe(pinned),
    updates: w.maybe(policy),
  }),
  'run.parked': z.object({
    ...ofRun,
    step: w.maybe(w.text),
    reason: z.enum(['confirm', 'manual', 'approve', 'unknown', 'failed', 'interrupted']),
    needs: w.text,
    answers: w.maybe(w.texts),
    exit: w.number,
    approval: w.maybe(z.object({from: w.texts, count: w.number, by: w.texts})),
  }),
  'run.resumed': z.object({...ofRun, by: w.text}),
  'run.taken': z.object({...ofRun, by: w.text, from: w.text}),
  'run.amended': z.object({...ofRun, text: w.text, sha256: w.text, called: w.maybe(pinned)}),
  'run.finished': z.object({
    ...ofRun,
    outcome: z.enum(['done', 'done_with_failures', 'aborted']),
    counts: z.record(w.text, w.number),
    rodsIn: w.texts,
    outputs: w.maybe(w.jsons),
    why: w.maybe(w.text),
  }),
  'step.started': z.object({
    ...ofStep,
    title: w.text,
    kind: z.enum(['uses', 'run', 'manual', 'wait', 'wait_until']),
    uses: w.maybe(w.text),
    effect: z.enum(['none', 'record', 'idempotent', 'unsafe']),
    resume: z.enum(['verify', 'safe', 'ask']),
    sent: w.maybe(w.json),
    verify: w.maybe(w.json),
    key: w.maybe(w.text),
    deadline: w.maybe(w.text),
  }),
  'step.finished': z.object({
    ...ofStep,
    ms: w.number,
    outputs: w.maybe(w.jsons),
    evidence: w.maybe(w.text),
    exitCode: w.maybe(w.number),
    ...said,
  }),
  'step.failed': z.object({
    ...ofStep,
    ms: w.number,
    code: w.text,
    message: w.text,
    retryable: w.maybe(w.flag),
    timedOut: w.maybe(w.flag),
    handled: w.maybe(w.flag),
    ...said,
  }),
  'step.skipped': z.object({...ofStep, reason: z.enum(['if', 'operator', 'from', 'goto', 'already-open', 'abort']), why: w.maybe(w.text)}),
  'step.unknown': z.object({...ofStep, reason: z.enum(['died', 'timeout', 'lost']), detail: w.maybe(w.text), ...said}),
  'step.settled': z.object({
    ...ofStep,
    by: z.enum(['verify', 'person', 'safe']),
    as: z.enum(['finished', 'rerun', 'skipped', 'failed']),
    evidence: w.maybe(w.text),
    outputs: w.maybe(w.jsons),
  }),
  'decision.recorded': z.object({
    ...ofStep,
    of: z.enum(['if', 'for_each', 'call', 'confirm', 'approve', 'answer', 'failure', 'hold']),
    value: w.json,
    by: w.maybe(w.text),
    why: w.maybe(w.text),
  }),
  'timer.set': z.object({
    timer: w.text,
    what: timerKind,
    due: w.instant,
    run: w.maybe(w.text),
    step: w.maybe(w.text),
    update: w.maybe(scheduled),
    attempt: w.maybe(w.number),
  }),
  'timer.fired': z.object({
    timer: w.text,
    lateMs: w.number,
    run: w.maybe(w.text),
    step: w.maybe(w.text),
    what: w.maybe(timerKind),
    outcome: w.maybe(z.enum(['posted', 'held', 'told', 'retried'])),
    promise: w.maybe(z.object({update: w.number, by: w.instant, stage: z.enum(['soon', 'due', 'overdue', 'at_most'])})),
    reason: w.maybe(w.text),
  }),
  'timer.cancelled': z.object({timer: w.text, run: w.maybe(w.text), step: w.maybe(w.text), reason: w.maybe(w.text)}),
}

export const isExact: w.Exactly<keyof typeof run, typeof run> = run
