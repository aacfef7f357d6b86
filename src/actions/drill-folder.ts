/** Folders of drills without `--out`, below the temporary folder: how `drill down` finds the newest. */
export const FOLDER_PREFIX = 'scram-drill-'
