// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a runbook writes its values like this
/** A runbook with each kind and each key of the format at least once; it lints clean against the rows of `world.ts`. */
export const EVERY_KEY = `# A comment stays a comment.
scram: 1
runbook: every-key
title: Every key once
description: For tests
owners: [ops]
severity: sev1
inputs:
  release: { type: string, required: true, pattern: 'r-[0-9]+', prompt: Which release? }
  size: { type: int, default: 3, choices: [3, 5] }
defaults: { timeout: 5m, retry: { max: 2, delay: 5s, backoff: 2, jitter: false, on: [net.unreachable] }, on_failure: ask }
updates: { every: 15m, at_most: 30m, mode: draft, fallback: We are still working on this. }
steps:
  - id: open
    uses: open
    with: { title: Requests fail }
  - { id: look, name: "Look as \${{ run.by }}", uses: probe/http, with: { url: u }, idempotency_key: "k-\${{ run.id }}" }
  - id: say
    if: steps.look.error_rate > 0.05
    uses: note
    with: { text: "rate \${{ steps.look.error_rate }}" }
    confirm: Say it?
  - id: in_rod
    uses: rod/insert
    with: { rod: api-maintenance, why: contain, expires: 2h }
    undo: { uses: rod/withdraw, with: { rod: api-maintenance } }
    resume: verify
  - id: fault
    name: Find the fault
    manual: |
      Look for a crash loop.
      Then: scram done
    evidence: required
    outputs: { cause: string }
  - id: patch
    name: Patch
    for_each: [canary, production]
    steps:
      - id: push
        name: Push \${{ inputs.release }} to \${{ item }}
        approve: { from: [ops, ic], count: 1, timeout: 10m, on_timeout: stop }
        run: [routerctl, deploy, "\${{ item }}"]
        secrets: { TOKEN: "env:ROUTERCTL_TOKEN" }
        verify: { uses: probe/command, with: { argv: [routerctl, release] }, expect: result.stdout == inputs.release, within: 1m, every: 5s }
        undo: { run: [routerctl, rollback], timeout: 1m }
        on_failure: { undo: group, then: stop }
        check: [routerctl, plan]
        outputs: text
      - { id: healthy, wait_until: result.ok, probe: { uses: probe/http, with: { url: u } }, every: 5s, for: 2m, timeout: 10m }
  - id: boot
    run: fleetctl scale "$COUNT"
    shell: bash
    env: { COUNT: "\${{ inputs.size }}" }
    effect: idempotent
    retry: { max: 1 }
    on_failure: { goto: soak }
  - id: both
    parallel:
      - { id: left, uses: probe/http, with: { url: u } }
      - { id: right, run: [a], effect: idempotent, outputs: { n: int } }
  - id: sub
    if: steps.left.ok && steps.right.n > 1
    call: other
    with: { release: "\${{ inputs.release }}" }
  - { id: soak, wait: 15m }
on_abort: [{ uses: rod/list }]
outputs: { cause: "\${{ steps.fault.cause }}" }
`

/** What it calls. */
export const OTHER = 'scram: 1\nrunbook: other\ntitle: Other\ninputs: { release: { required: true } }\nsteps: [{ id: n, uses: note, with: { text: x } }]\n'
