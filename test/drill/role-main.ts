/** One process of the drill, as `bin/run.cjs __drill-role ROLE` is in the bundle. */
import {runRole} from '../../src/drill/role.ts'

await runRole(process.argv[2] ?? '')
