import * as z from 'zod'
import * as w from './words.ts'

/** Incidents: what is said, decided and told the public. */
export const incident = {
  'incident.opened': z.object({
    title: w.text,
    severity: w.severity,
    impact: w.maybe(w.publicImpact),
    private: w.maybe(w.flag),
    drill: w.maybe(w.flag),
    adopt: w.maybe(w.texts),
  }),
  'incident.retitled': z.object({title: w.text}),
  'incident.resolved': z.object({leftIn: w.maybe(w.leftIn)}),
  'incident.reopened': z.object({why: w.text, title: w.text, severity: w.severity, openedAt: w.instant}),
  'incident.closed': z.object({leftIn: w.maybe(w.leftIn)}),
  'incident.merged': z.object({into: w.text, why: w.maybe(w.text)}),
  'severity.set': z.object({severity: w.severity, from: w.maybe(w.severity), why: w.maybe(w.text)}),
  'impact.set': z.object({impact: w.publicImpact, why: w.maybe(w.text)}),
  'role.assigned': z.object({role: w.role, to: w.text}),
  'component.set': z.object({
    component: w.text,
    status: w.componentStatus,
    extent: w.maybe(z.object({metric: w.text, min: w.number, max: w.number})),
    why: w.maybe(w.text),
  }),
  'milestone.marked': z.object({milestone: w.milestone, text: w.maybe(w.text)}),
  'measure.stated': z.object({measure: w.text, ms: w.number, bound: z.enum(['<=', '~', '=']), from: w.maybe(w.text)}),
  'update.posted': z.object({
    number: w.whole,
    status: w.publicStatus,
    body: w.text,
    components: w.components,
    nextUpdateBy: w.maybe(w.instant),
    promiseBasis: w.maybe(z.enum(['given', 'cadence'])),
    promises: w.maybe(z.array(z.object({what: z.enum(['postmortem', 'text']), text: w.maybe(w.text), by: w.maybe(w.text)}))),
  }),
  'update.amended': z.object({
    update: w.text,
    number: w.whole,
    body: w.maybe(w.text),
    nextUpdateBy: w.maybe(w.instant),
    why: w.maybe(w.text),
    notify: w.maybe(w.flag),
  }),
  'headline.set': z.object({text: w.text}),
  'note.added': z.object({noteKind: w.noteKind, text: w.text, pinned: w.maybe(w.flag)}),
  'entry.corrected': z.object({entry: w.text, text: w.maybe(w.text), at: w.maybe(w.instant), why: w.maybe(w.text)}),
  'entry.redacted': z.object({entry: w.text, why: w.text}),
  'handoff.offered': z.object({to: w.text, text: w.maybe(w.text)}),
  'handoff.taken': z.object({from: w.maybe(w.text), to: w.text, offer: w.maybe(w.text)}),
  'action.added': z.object({action: w.text, text: w.text, owner: w.maybe(w.text)}),
  'action.done': z.object({action: w.text, text: w.maybe(w.text)}),
  'action.linked': z.object({action: w.text, url: w.text}),
  'command.ran': z.object({
    argv: w.texts,
    exitCode: w.whole,
    signal: w.maybe(w.text),
    ms: w.number,
    digest: w.maybe(w.text),
    bytes: w.maybe(w.number),
    tail: w.maybe(w.text),
    tty: w.maybe(w.flag),
  }),
}

export const isExact: w.Exactly<keyof typeof incident, typeof incident> = incident
