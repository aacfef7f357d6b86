/** The life of one process of a drill: it is started by the drill and never typed. */
export {runRole} from '../drill/role.ts'
