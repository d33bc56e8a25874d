import 'systemjs/dist/system.js'
import 'systemjs/dist/extras/amd.js'
import { sharedModules } from './shared-modules.ts'

/** The part of SystemJS that is used here; it lives in the page's globals. */
type SystemLoader = {
  import(url: string): Promise<Record<string, unknown>>
  set(id: string, module: object): void
  addImportMap(map: { imports: Record<string, string> }): void
}

function system(): SystemLoader {
  return (globalThis as unknown as { System: SystemLoader }).System
}

/** Puts the shared modules where a plugin's AMD `define` finds them by name. */
export function shareModules() {
  const imports: Record<string, string> = {}
  for (const [name, module] of Object.entries(sharedModules)) {
    const id = `app:${name}`
    imports[name] = id
    // A module without its own default is handed over whole, as AMD expects.
    system().set(id, { default: module, __useDefault: true })
  }
  system().addImportMap({ imports })
}

/** Loads one AMD module with a script element, which the content security policy allows from our own origin. */
export function loadModule(url: string): Promise<Record<string, unknown>> {
  return system().import(url)
}
