import type {Recovered} from '../../actions/desk.ts'
import type {View} from '../view.ts'

/** What was put right, what could not be, and where the damaged file lies. A record that is left out makes the answer no. */
export function recoveredView(recovered: Recovered): View {
  const {salvaged, imported, duplicates, refused, settled} = recovered
  const lost = salvaged?.lost ?? []
  return {
    text: [
      stateOf(recovered),
      ...(salvaged ? [`  the damaged file is kept in ${salvaged.quarantine}`] : []),
      ...lost.map(({origin, epoch, seq, problem}) => `  lost from ${origin}/${epoch} at ${seq}: ${problem}`),
      `emergency log: ${imported} taken in, ${duplicates} were there already`,
      ...settled.map(file => `  settled: ${file}`),
      ...refused.map(({id, reason}) => `  refused: ${id}: ${reason}`),
    ],
    json: recovered,
    exit: lost.length > 0 || refused.length > 0 ? 1 : 0,
  }
}

function stateOf({salvaged, isNew, imported}: Recovered): string {
  if (salvaged) return `the journal was damaged: ${salvaged.kept} ${salvaged.kept === 1 ? 'record' : 'records'} kept, a new epoch ${salvaged.epoch} begins`
  if (!isNew) return 'the journal is sound'
  return `the journal was never begun, and is not damaged${imported > 0 ? ': it begins now' : ''}`
}

export function newEpochView(epoch: number): View {
  return {text: [`the record of this machine goes on in epoch ${epoch}`], json: {epoch}, exit: 0}
}
