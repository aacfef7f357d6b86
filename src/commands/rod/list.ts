import {listRods} from '../../actions/list-rods.ts'
import {ScramCommand} from '../../cli/command.ts'
import {rodListView} from '../../cli/views/rod.ts'

export default class RodList extends ScramCommand {
  static override summary = 'list the rods and where the record has them'
  static override examples = [{description: 'What is in', command: '<%= config.bin %> rod list'}]
  static override exits = {0: 'listed', 65: 'scram.yaml does not check'}

  async run(): Promise<object> {
    await this.parse(RodList)
    return this.show(rodListView(await listRods(this.desk)))
  }
}
