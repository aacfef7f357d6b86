/** The closed vocabularies, for flags and arguments: commands reach the core only through actions and this door. */
export {COMPONENT_STATUSES, MILESTONES, NOTE_KINDS, PUBLIC_IMPACTS, PUBLIC_STATUSES, ROLES, SEVERITIES} from '../incident/words.ts'
