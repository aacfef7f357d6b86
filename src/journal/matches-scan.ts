import type {Row, Scan} from './store.ts'

/** Whether a record that is not found by an index (memory, emergency log) belongs to a scan; `after` and `last` apart. */
export function matchesScan(scan: Scan, row: Pick<Row, 'id' | 'incident' | 'kind' | 'run'>): boolean {
  const {incident, run, kinds, idPart, incidentPart} = scan
  return (
    (incident === undefined || row.incident === incident) &&
    (run === undefined || row.run === run) &&
    (kinds === undefined || kinds.includes(row.kind)) &&
    (idPart === undefined || row.id.includes(idPart)) &&
    (incidentPart === undefined || (row.incident?.includes(incidentPart) ?? false))
  )
}
