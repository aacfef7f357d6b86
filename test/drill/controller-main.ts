/** The first terminal of a drill: a controller that keeps a journal of what it was asked, until `down`. */
import {startController} from '../../src/drill/controller.ts'

const folder = process.argv[2] ?? ''
const asked: string[] = []
const note = (verb: string) => async () => {
  asked.push(verb)
  return {asked}
}
const controller = await startController({
  folder,
  token: 'a-token',
  verbs: {
    break: note('break'),
    patch: note('patch'),
    report: note('report'),
    async down() {
      setImmediate(() => void controller.close())
      return {ending: true}
    },
  },
})
process.stdout.write('up\n')
