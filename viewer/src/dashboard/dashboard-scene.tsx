import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import {
  type SceneComponentProps,
  type SceneGridLayout,
  type SceneObject,
  SceneObjectBase,
  type SceneObjectState,
  type SceneRefreshPicker,
  type SceneTimePicker,
} from '@grafana/scenes'
import type { DashboardLink } from '@grafana/schema'
import { Alert, LinkButton, useStyles2 } from '@grafana/ui'
import { toLinkUrl } from './panel-links.tsx'

type DashboardSceneState = SceneObjectState & {
  uid: string
  title: string
  links: DashboardLink[]
  /** Sentences on what of the dashboard could not be taken over. */
  notices: string[]
  /** Variables and annotation switches. */
  controls: SceneObject[]
  timePicker: SceneTimePicker
  refreshPicker: SceneRefreshPicker
  body: SceneGridLayout
}

/** One dashboard: its controls above its panels. */
export class DashboardScene extends SceneObjectBase<DashboardSceneState> {
  static Component = DashboardView
}

function DashboardView({ model }: SceneComponentProps<DashboardScene>) {
  const { title, links, notices, controls, timePicker, refreshPicker, body } = model.useState()
  const styles = useStyles2(getStyles)
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className="sr-only">{title}</h1>
        <div className={styles.controls}>
          {controls.map((control) => (
            <control.Component key={control.state.key} model={control} />
          ))}
          {links
            .filter((link) => link.type === 'link')
            .map((link) => (
              <DashboardLinkButton key={`${link.title}${link.url}`} scene={model} link={link} />
            ))}
        </div>
        <div className={styles.time}>
          <timePicker.Component model={timePicker} />
          <refreshPicker.Component model={refreshPicker} />
        </div>
      </div>
      {notices.map((notice) => (
        <Alert key={notice} severity="warning" title={notice} />
      ))}
      <div className={styles.body}>
        <body.Component model={body} />
      </div>
    </div>
  )
}

function DashboardLinkButton({ scene, link }: { scene: DashboardScene; link: DashboardLink }) {
  return (
    <LinkButton
      size="sm"
      variant="secondary"
      fill="text"
      href={toLinkUrl(scene, link)}
      tooltip={link.tooltip}
      {...(link.targetBlank && { target: '_blank', rel: 'noreferrer' })}
    >
      {link.title}
    </LinkButton>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0, padding: theme.spacing(1, 2, 2) }),
  head: css({ alignItems: 'flex-start', display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), padding: theme.spacing(0, 0, 1) }),
  controls: css({ alignItems: 'flex-start', display: 'flex', flexGrow: 1, flexWrap: 'wrap', gap: theme.spacing(1) }),
  time: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), marginLeft: 'auto' }),
  body: css({ display: 'flex', flexGrow: 1, minHeight: 0 }),
})
