import type {BuiltPage} from '../../actions/build-page.ts'
import type {Delivery} from '../../actions/list-outbox.ts'
import type {Published} from '../../actions/publish-page.ts'
import type {View} from '../view.ts'
import {ago, table} from './clock-words.ts'

export function outboxView({deliveries, now}: {readonly deliveries: readonly Delivery[]; readonly now: number}): View {
  const rows = deliveries.map(delivery => [delivery.id, newsOf(delivery), delivery.target?.path ?? 'not in this workspace any more: nothing is sent there'])
  const failures = deliveries.flatMap(({id, failed}) => (failed ? [`${id} failed ${ago(failed.at, now)}: ${failed.reason}`] : []))
  const isBehind = deliveries.some(({behind}) => behind > 0)
  return {
    text: deliveries.length === 0 ? ['no targets: the page goes nowhere'] : [...table(rows), ...failures, ...(isBehind ? ['send it: scram outbox retry'] : [])],
    json: {targets: deliveries.map(({target, ...rest}) => ({...rest, path: target?.path ?? null, url: target?.url ?? null}))},
    exit: 0,
  }
}

function newsOf({target, shown, revision, behind}: Delivery): string {
  if (revision === 0) return 'nothing is public yet'
  if (target && behind > 0) return `shows ${shown} of ${revision}: ${facts(behind)} BEHIND`
  return `shows ${shown} of ${revision}`
}

/** How publishing ended, a line a target; any that failed makes it 3. */
export function publishedView(published: readonly Published[]): View {
  const lines = published.flatMap(({target, revision, failed, behind, ms, hints}) =>
    failed
      ? [`${target.id}  ${target.path} FAILED, ${facts(behind)} behind: ${failed.reason}`, ...hints.map(hint => `  ${hint}`)]
      : [`${target.id}  ${target.path} shows revision ${revision}, read back after ${ms} ms`],
  )
  return {
    text: published.length === 0 ? ['no targets: the page goes nowhere'] : lines,
    json: {targets: published.map(({target, ...rest}) => ({id: target.id, path: target.path, url: target.url, ...rest}))},
    exit: published.some(({failed}) => failed) ? 3 : 0,
  }
}

export function builtView({folder, revision, paths, written}: BuiltPage): View {
  const head = written ? `revision ${revision}: ${paths.length} files in ${folder}` : `revision ${revision}: nothing was written, nothing recorded`
  return {text: [head, ...paths.map(path => `  ${path}`)], json: {folder, revision, paths, dryRun: !written}, exit: 0}
}

const facts = (count: number) => `${count} ${count === 1 ? 'fact' : 'facts'}`
