/** What the build knows of all commands: 30 KB, so whoever needs it imports this when it is needed. */

export {manifest} from '../manifest.ts'
export {names} from '../names.ts'
