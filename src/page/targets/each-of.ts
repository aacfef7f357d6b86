/** Enough to keep a disk busy, few enough never to run out of descriptors. */
const AT_ONCE = 16

/** Does `work` for each item, some at once; the first failure ends it. */
export async function eachOf<T>(items: readonly T[], work: (item: T, i: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) await work(items[i] as T, i) // i is below the length
  }
  await Promise.all(Array.from({length: Math.min(AT_ONCE, items.length)}, worker))
}
