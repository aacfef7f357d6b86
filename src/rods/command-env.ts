/** What a child gets without being asked; anything else is named in the workspace. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ']

export function commandEnv(declared: Readonly<Record<string, string>>): Record<string, string> {
  const passed = PASSED_ON.flatMap(name => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {...Object.fromEntries(passed), ...declared}
}
