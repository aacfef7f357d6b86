import {flags} from './flags.ts'

/** What a person may say about a move of a rod, whichever way it goes. */
export const moveFlags = {
  take: flags.boolean({summary: 'accept it where it is, though someone else moved it there'}),
  override: flags.string({multiple: true, helpValue: 'RULE', summary: 'set a rule aside by its name; wants --why'}),
  'approved-by': flags.string({multiple: true, helpValue: 'NAME', summary: 'another person who agrees, as you state it'}),
  only: flags.string({multiple: true, helpValue: 'TARGET', summary: 'move this target only'}),
  'dry-run': flags.boolean({summary: 'read for real, send and record nothing'}),
}

interface Said {
  readonly override?: readonly string[] | undefined
  readonly 'approved-by'?: readonly string[] | undefined
}

/** Flags → the names that actions and runbooks use. */
export function moveSaid<F extends Said>({
  override,
  'approved-by': approvedBy,
  ...rest
}: F): Omit<F, keyof Said> & {
  readonly overrides: readonly string[] | undefined
  readonly approvedBy: readonly string[] | undefined
} {
  return {...rest, overrides: override, approvedBy}
}
