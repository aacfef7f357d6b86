/** A part of a draft, in the order of the file: a heading of ours, a computed block, or a part that a person writes. */
export type LayoutPart =
  | {readonly heading: string; readonly level: 2 | 3; readonly onlyWith?: BlockId}
  | {readonly block: BlockId}
  | {readonly todo: string; readonly name: string; readonly ask: string; readonly onlyWith?: BlockId}

export const BLOCK_IDS = [
  'banner',
  'summary-facts',
  'impact',
  'evidence-notes',
  'second-failures',
  'measures',
  'rods',
  'steps',
  'updates',
  'promises',
  'timeline',
  'observations',
  'actions',
] as const
export type BlockId = (typeof BLOCK_IDS)[number]

/**
 * The layout `scram`. `onlyWith` leaves a part out when its block has nothing to say: a section about second failures is
 * only there when there was one. Prompts hold no computed number: it would go stale in a person's text.
 */
export const SCRAM_LAYOUT: readonly LayoutPart[] = [
  {block: 'banner'},
  {heading: 'Summary', level: 2},
  {block: 'summary-facts'},
  {todo: 'summary', name: 'Summary', ask: 'Two or three sentences for a reader who was not there: what did not work, for whom, until when.'},
  {heading: 'Impact', level: 2},
  {block: 'impact'},
  {
    todo: 'customer-impact',
    name: 'Customer impact',
    ask: 'Requests, customers, contacts, money. Give the query behind each number, so that someone else can ask it again.',
  },
  {heading: 'What happened', level: 2},
  {block: 'evidence-notes'},
  {
    todo: 'contributing-factors',
    name: 'Contributing factors',
    ask: 'Factors, plural. For each: what was true, why it made sense then, and which evidence shows it. A person is never a factor.',
  },
  {heading: 'Second failures', level: 2, onlyWith: 'second-failures'},
  {block: 'second-failures'},
  {
    todo: 'second-failure',
    name: 'Second failures',
    ask: 'What failed besides the first thing, and what it did to the response.',
    onlyWith: 'second-failures',
  },
  {heading: 'Response', level: 2},
  {block: 'measures'},
  {heading: 'Control rods', level: 3},
  {block: 'rods'},
  {heading: 'Steps', level: 3},
  {block: 'steps'},
  {heading: 'Updates', level: 3},
  {block: 'updates'},
  {heading: 'Open promises', level: 3},
  {block: 'promises'},
  {heading: 'Timeline', level: 2},
  {block: 'timeline'},
  {heading: 'Lessons', level: 2},
  {block: 'observations'},
  {todo: 'lessons', name: 'Lessons', ask: 'What went well, what went badly, where we were lucky, what surprised us.'},
  {heading: 'Action items', level: 2},
  {block: 'actions'},
  {
    todo: 'action-items',
    name: 'Action items',
    ask: 'Each one actionable, specific and bounded: an owner, a date, and how you will know that it is done.',
  },
]
