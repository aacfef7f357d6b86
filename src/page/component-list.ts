import {type ComponentRow, type GroupRow, isGroup} from './component-rows.ts'
import {type Markup, markup} from './markup.ts'
import type {PageModel} from './model.ts'
import {mark} from './status-marks.ts'
import {strip} from './strip.ts'

/** Groups fold; one with trouble inside is open, so that a roll-up never hides a red part. */
export function componentList({rows, day}: PageModel): Markup | null {
  const shown = rows.filter(row => (isGroup(row) ? row.components.some(isShown) : isShown(row)))
  if (shown.length === 0) return null
  // Components between two groups are one list: a list inside a list item would read as a part of it.
  const parts: Markup[] = []
  for (let i = 0; i < shown.length; i++) {
    const row = shown[i]
    if (row && isGroup(row)) parts.push(group(row, day))
    else {
      const loose: ComponentRow[] = []
      for (let next = shown[i]; next && !isGroup(next); next = shown[++i]) loose.push(next)
      i--
      parts.push(list(loose, day))
    }
  }
  return markup`<section aria-labelledby="components"><h2 id="components">Components</h2>${parts}</section>`
}

function isShown({onlyShowIfDegraded, status}: ComponentRow): boolean {
  return !onlyShowIfDegraded || status !== 'operational'
}

function group({name, description, status, components}: GroupRow, day: string): Markup {
  return markup`
<details${components.some(each => each.status !== 'operational') && markup` open`}><summary><span class="row"><span class="name" dir="auto">${name}</span>${mark(status)}</span></summary>${
    description !== null && markup`<p class="dim" dir="auto">${description}</p>`
  }${list(components.filter(isShown), day)}</details>`
}

function list(components: readonly ComponentRow[], day: string): Markup {
  return markup`<ul class="parts">${components.map(row => component(row, day))}</ul>`
}

function component(row: ComponentRow, day: string): Markup {
  return markup`
<li><div class="row"><span class="name" dir="auto">${row.name}</span>${mark(row.status)}</div>${
    row.description !== null && markup`<div class="dim" dir="auto">${row.description}</div>`
  }${row.showcase && strip(row, day)}</li>`
}
