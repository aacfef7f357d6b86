import type {Drafted} from '../../actions/draft-postmortem.ts'
import type {View} from '../view.ts'
import {doneView} from './done.ts'

/** Where the draft lies and what people have still to write. */
export function draftedView(drafted: Drafted): View {
  const {text, json, exit} = doneView(drafted)
  const {path, unwritten} = drafted
  return {text: [...text, path, `still to be written: ${unwritten.join(', ')}`], json: {...json, path, unwritten}, exit}
}
