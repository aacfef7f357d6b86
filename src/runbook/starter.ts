/** A short runbook with the commonest kinds, commented; it lints clean in any workspace. */
export function starter(id: string): {readonly id: string; readonly text: string} {
  return {id, text: TEXT.replace('ID', () => id)}
}

const TEXT = `# A runbook: steps in order, each recorded before and after. Try it without doing anything: scram runbook lint
scram: 1
runbook: ID
title: Requests fail
severity: sev3

# Asked for at the start, or given with --input service=web
inputs:
  service: { required: true, pattern: '[a-z][a-z0-9-]*', prompt: Which service? }

steps:
  # Whatever can be typed after \`scram\` is a step, / for blanks. Skipped when an incident is open already.
  - id: open
    uses: open
    with: { title: "Requests to \${{ inputs.service }} fail", text: We are looking into failing requests. }

  # A person does it and says so: scram done look --output cause='one sentence'
  - id: look
    manual: |
      Look at the error log of \${{ inputs.service }}.
      Did anything change in the last hour?
    outputs: { cause: string }

  - id: found
    uses: note
    with: { kind: finding, text: "\${{ steps.look.cause }}" }

  # A command: a list is argv, and no shell reads it. Replace echo by your own.
  - id: restart
    run: [echo, restart, "\${{ inputs.service }}"]
    effect: idempotent # twice is as good as once: it may be repeated after a crash
    confirm: Restart \${{ inputs.service }}?

  - id: resolve
    if: rods.inserted == 0
    uses: resolve
    with: { text: The service works again. }
    confirm: Is it over?
`
