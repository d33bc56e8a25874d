import type { ScopedVars, TypedVariableModel } from '@grafana/data'
import type { TemplateSrv } from '@grafana/runtime'
import { type SceneObject, sceneGraph } from '@grafana/scenes'

type InterpolationFormat = Parameters<typeof sceneGraph.interpolate>[3]

/** Fills in variables from the scene a query belongs to, else from the dashboard on the screen. */
export function createTemplateSrv(deps: { currentScene: () => SceneObject | undefined }): TemplateSrv {
  return {
    getVariables: () => listVariables(deps.currentScene()),
    replace: (target, scopedVars, format) => {
      const scene = findScene(scopedVars) ?? deps.currentScene()
      if (target === undefined || target === '' || scene === undefined) return target ?? ''
      return sceneGraph.interpolate(scene, target, scopedVars, format as InterpolationFormat)
    },
    containsTemplate: (target) => /\$\w|\$\{|\[\[/.test(target ?? ''),
    updateTimeRange: () => undefined,
  }
}

/** Queries carry the object that sent them, so that repeated panels see their own values. */
function findScene(scopedVars: ScopedVars | undefined): SceneObject | undefined {
  const wrapped = scopedVars?.__sceneObject?.value as { valueOf(): SceneObject } | undefined
  return wrapped?.valueOf()
}

function listVariables(scene: SceneObject | undefined): TypedVariableModel[] {
  if (scene === undefined) return []
  return sceneGraph.getVariables(scene).state.variables.map((variable) => {
    const { name, label, type, hide } = variable.state
    const value = variable.getValue()
    return { name, label, type, hide, current: { value, text: variable.getValueText?.() ?? value } } as unknown as TypedVariableModel
  })
}
