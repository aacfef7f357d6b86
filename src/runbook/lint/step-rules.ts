import type {Finding} from '../finding.ts'
import {type Step, stepsOf} from '../runbook.ts'
import {type Checked, finding} from './checked.ts'

/** Identity, and what may be repeated: the rules that need nothing but the steps themselves. */
export function stepRules(checked: Checked): readonly Finding[] {
  return [...duplicates(checked), ...[...stepsOf(checked.runbook.steps)].flatMap(step => [...identity(checked, step), ...repeating(checked, step)])]
}

function* duplicates(checked: Checked): Generator<Finding> {
  const first = new Map<string, Step>()
  for (const step of stepsOf(checked.runbook.steps)) {
    const key = [...step.path.slice(0, -1), step.id].join('/') // its list, then its own
    const earlier = first.get(key)
    if (!earlier) {
      first.set(key, step)
      continue
    }
    const {line} = checked.source.at(earlier.path)
    yield finding(checked, 'E', 'duplicate-id', placeOfId(checked, step), `\`${step.id}\` is also the id at line ${line}; give this one its own`)
  }
}

function placeOfId({source}: Checked, {path, isAnonymous, isNamedOnly}: Step) {
  return source.at(isAnonymous ? path : [...path, isNamedOnly ? 'name' : 'id'])
}

function* identity(checked: Checked, step: Step): Generator<Finding> {
  if (step.kind === 'wait' || step.kind === 'wait_until') return
  const place = checked.source.at(step.path)
  if (step.isAnonymous) yield finding(checked, 'E', 'schema', place, 'a step that does something wants an `id` (or a `name`)')
  else if (step.isNamedOnly) yield finding(checked, 'W', 'id-missing', place, `identity hangs on the name; write \`id: ${step.id}\``)
}

function* repeating(checked: Checked, step: Step): Generator<Finding> {
  const {source, actions} = checked
  if (step.kind !== 'uses' && step.kind !== 'run') return
  const row = step.kind === 'uses' ? actions.get(step.uses) : undefined
  const isUnsafe = step.kind === 'run' ? step.effect === 'unsafe' : row?.effect === 'unsafe'
  if (step.ownRetry && isUnsafe) {
    const message = 'this step may not be repeated unasked; declare `effect: idempotent` or drop `retry`'
    yield finding(checked, 'E', 'retry-unsafe', source.keyAt([...step.path, 'retry']), message)
  }
  if (step.resume === 'verify' && row?.resume !== 'verify') {
    yield finding(checked, 'E', 'resume-verify', source.at([...step.path, 'resume']), '`resume: verify` needs an action that can look; this has none')
  }
  if (step.kind === 'run' && isUnsafe && step.resume === null) {
    const message = 'nothing checks that this worked, so after a crash scram can only ask; declare `effect: idempotent`, or say `resume: ask`'
    yield finding(checked, 'W', 'no-verify', source.keyAt([...step.path, 'run']), message)
  }
}
