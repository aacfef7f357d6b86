import {existsSync, globSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, it} from '@jest/globals'

/** A link that leads nowhere is found by its reader during an outage. Paths and headings; addresses outside are not asked. */
const root = join(import.meta.dirname, '../..')
const pages = ['README.md', ...globSync('docs/**/*.md', {cwd: root})].sort()

describe('every link of the documents leads somewhere', () => {
  it.each(pages)('%s', page => {
    const links = linksOf(textOf(page))
    expect(links.filter(link => !leads(page, link))).toEqual([])
  })

  it('and one that does not is seen', () => {
    expect(['start.md', 'start.md#no-such-heading', 'no-such-page.md'].map(link => leads('docs/guide/rods.md', link))).toEqual([true, false, false])
  })
})

const textOf = (page: string) => readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '')
const linksOf = (text: string) => [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => (/^[a-z]+:/.test(link) ? [] : link))

function leads(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  return heading === undefined || headingsOf(textOf(target)).includes(heading)
}

/** As the usual renderers name them: lower case, blanks to hyphens, the rest of the punctuation gone. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}
