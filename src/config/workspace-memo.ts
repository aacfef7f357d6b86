import {noRod} from './no-rod.ts'
import type {OpenedWorkspace} from './opened-workspace.ts'
import type {RodDefinition} from './rod-definition.ts'
import type {Section, SectionName} from './schema.ts'
import {type SectionOf, sectionsOf} from './sections.ts'

/** What is kept of a `scram.yaml` in which everything checks: plain JSON. */
export interface KeptWorkspace {
  readonly sections: {readonly [N in Exclude<SectionName, 'rods'>]: Section<N>}
  readonly rods: Readonly<Record<string, RodDefinition>>
}

/**
 * The workspace as it was checked by an earlier process, without its text: neither YAML nor zod is loaded.
 * @param read reads the text after all: only there stand the places that a finding names
 */
export function rememberedWorkspace(
  {folder, file, home}: {readonly folder: string; readonly file: string; readonly home: string | null},
  kept: KeptWorkspace,
  read: () => Promise<Omit<OpenedWorkspace, 'secret'>>,
): Omit<OpenedWorkspace, 'secret'> {
  const ids = Object.keys(kept.rods)
  return {
    workspace: sectionsOf(folder, (name => kept.sections[name as keyof KeptWorkspace['sections']]) as SectionOf, home), // each under its name
    rods: {
      ids: () => ids,
      definition(id) {
        const definition = Object.hasOwn(kept.rods, id) ? kept.rods[id] : undefined
        if (!definition) throw noRod(id, ids, file)
        return definition
      },
      invalid: async (id, findings) => (await read()).rods.invalid(id, findings),
    },
    check: async () => (await read()).check(),
  }
}
