import type { SceneObject } from '@grafana/scenes'

export interface CurrentScene {
  get(): SceneObject | undefined
  /** Makes this the dashboard on the screen, until the returned function is called. */
  enter(scene: SceneObject): () => void
}

/** Remembers which dashboard is on the screen, for services that are asked without being told. */
export function createCurrentScene(): CurrentScene {
  let current: SceneObject | undefined
  return {
    get: () => current,
    enter: (scene) => {
      current = scene
      return () => {
        if (current === scene) current = undefined
      }
    },
  }
}
