import {Fault} from '../lib/fault.ts'
import {safeLine} from '../lib/text.ts'
import type {ReplyError} from './resp.ts'

/** Redis does not take commands now; the same one may be taken later, and nothing was done. */
const NOT_NOW: Readonly<Record<string, string>> = {
  LOADING: 'it is still loading its data',
  BUSY: 'a script keeps it busy',
  MASTERDOWN: 'it is a replica that lost its master',
  CLUSTERDOWN: 'its cluster is down',
  TRYAGAIN: 'its cluster is moving this key',
  NOREPLICAS: 'it has too few replicas to take a write',
}

const REFUSED: Readonly<Record<string, string>> = {
  NOAUTH: 'it wants a password',
  WRONGPASS: 'the password or the user is wrong',
  NOPERM: 'this user may not do that',
  READONLY: 'this is a replica: it takes no writes',
  WRONGTYPE: 'what is stored there is of another kind',
  OOM: 'its memory is full, and it may not evict',
  MISCONF: 'it takes no writes because it cannot save them',
  MOVED: 'it is part of a cluster, which this driver does not speak',
  ASK: 'it is part of a cluster, which this driver does not speak',
}

/** What an error reply to a move means: not taken now (rod.unreachable), or never (rod.refused). */
export function replyFault({word, text}: ReplyError, asked: string): Fault {
  const later = NOT_NOW[word]
  if (later !== undefined) return new Fault('rod.unreachable', `${word}: ${later}`)
  const never = REFUSED[word]
  if (never !== undefined) return new Fault('rod.refused', `${word}: ${never}`)
  // A Redis that does not know AUTH answers with the password in its text.
  const said = asked === 'AUTH' ? 'it refuses AUTH; does it want a password at all?' : safeLine(text).slice(0, 160)
  return new Fault('rod.refused', said)
}
