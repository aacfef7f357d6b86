/** The door for commands: the base class and what they declare their arguments with. */
export {arg, flags, keyValue, pairsToRecord, severityOf, wordOf} from './flags.ts'
export {ScramCommand, writeFlags} from './scram-command.ts'
