import { type SceneComponentProps, type SceneObject, SceneObjectBase, type SceneObjectState, sceneGraph } from '@grafana/scenes'
import type { DashboardLink } from '@grafana/schema'
import { Dropdown, IconButton, Menu } from '@grafana/ui'

type PanelLinksState = SceneObjectState & { links: DashboardLink[] }

/** The links of a panel, beside its title. */
export class PanelLinks extends SceneObjectBase<PanelLinksState> {
  static Component = PanelLinksMenu
}

function PanelLinksMenu({ model }: SceneComponentProps<PanelLinks>) {
  const { links } = model.useState()
  const menu = () => (
    <Menu>
      {links.map((link) => (
        <Menu.Item key={`${link.title}${link.url}`} label={fill(model, link.title)} {...toTarget(model, link)} />
      ))}
    </Menu>
  )
  return (
    <Dropdown overlay={menu} placement="bottom-start">
      <IconButton
        name="external-link-alt"
        size="sm"
        tooltip={links.length === 1 ? fill(model, links[0]?.title ?? '') : 'Links of this panel'}
      />
    </Dropdown>
  )
}

function toTarget(model: SceneObject, link: DashboardLink) {
  return { url: toLinkUrl(model, link), ...(link.targetBlank && { target: '_blank' as const }) }
}

/** Fills in variables; a link may take the time range and the variables with it. */
export function toLinkUrl(scene: SceneObject, link: Pick<DashboardLink, 'url' | 'keepTime' | 'includeVars'>): string {
  const carried = [link.keepTime && '$__url_time_range', link.includeVars && '$__all_variables'].filter(Boolean).join('&')
  const url = link.url ?? ''
  if (carried === '') return fill(scene, url)
  return fill(scene, `${url}${url.includes('?') ? '&' : '?'}${carried}`)
}

function fill(scene: SceneObject, text: string): string {
  return sceneGraph.interpolate(scene, text)
}
