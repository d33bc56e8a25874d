import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Dropdown, IconButton, Menu, useStyles2 } from '@grafana/ui'
import { NavLink, useLocation } from 'react-router-dom'
import type { TokenKeeper } from '../services/token-source.ts'
import type { DashboardEntry } from './dashboard-list.ts'
import { toDashboardPath } from './dashboard-path.ts'
import { ProfileMenu } from './ProfileMenu.tsx'
import { useThemeSwitch } from './theme.tsx'

type HeaderProps = { dashboards: DashboardEntry[]; token: TokenKeeper }

/** The product's name, the way to each dashboard, and what belongs to the person looking. */
export function Header({ dashboards, token }: HeaderProps) {
  const styles = useStyles2(getStyles)
  const { name, toggle } = useThemeSwitch()
  const { search } = useLocation()
  const toPath = (uid: string) => toDashboardPath(uid, search)
  const other = name === 'dark' ? 'light' : 'dark'
  return (
    <header className={styles.header}>
      <a href="/" className={styles.brand}>
        <img src="/favicon.svg" alt="" width="24" height="24" />
        <span>Tidewatch</span>
      </a>
      <nav className={styles.tabs} aria-label="Dashboards">
        {dashboards.map(({ uid, title }) => (
          <NavLink key={uid} to={toPath(uid)} className={({ isActive }) => cx(styles.tab, isActive && styles.active)}>
            {title}
          </NavLink>
        ))}
      </nav>
      <NarrowMenu dashboards={dashboards} />
      <div className={styles.tools}>
        <IconButton name="adjust-circle" size="lg" tooltip={`Use the ${other} theme`} onClick={toggle} />
        <ProfileMenu token={token} />
      </div>
    </header>
  )
}

/** The same ways on a narrow screen, where tabs have no room. */
function NarrowMenu({ dashboards }: { dashboards: DashboardEntry[] }) {
  const styles = useStyles2(getStyles)
  const { pathname, search } = useLocation()
  const toPath = (uid: string) => toDashboardPath(uid, search)
  const current = dashboards.find(({ uid }) => pathname.split('/')[2] === uid)
  const menu = () => (
    <Menu ariaLabel="Dashboards">
      {dashboards.map(({ uid, title }) => (
        <Menu.Item key={uid} label={title} url={toPath(uid)} active={uid === current?.uid} />
      ))}
    </Menu>
  )
  return (
    <div className={styles.narrow}>
      <span className={styles.current}>{current?.title}</span>
      <Dropdown overlay={menu} placement="bottom-end">
        <IconButton name="bars" size="lg" tooltip="Dashboards" />
      </Dropdown>
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const wide = theme.breakpoints.up('lg')
  return {
    header: css({
      alignItems: 'stretch',
      backgroundColor: theme.colors.background.primary,
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      display: 'flex',
      gap: theme.spacing(2),
      height: theme.spacing(5.5),
      padding: theme.spacing(0, 2),
      position: 'sticky',
      top: 0,
      zIndex: theme.zIndex.navbarFixed,
    }),
    brand: css({
      alignItems: 'center',
      color: theme.colors.text.maxContrast,
      display: 'flex',
      fontWeight: theme.typography.fontWeightMedium,
      gap: theme.spacing(1),
    }),
    tabs: css({ display: 'none', flexGrow: 1, gap: theme.spacing(0.5), minWidth: 0, [wide]: { display: 'flex' } }),
    tab: css({
      alignItems: 'center',
      borderBottom: '2px solid transparent',
      borderTop: '2px solid transparent',
      color: theme.colors.text.secondary,
      display: 'flex',
      padding: theme.spacing(0, 1.25),
      whiteSpace: 'nowrap',
      '&:hover': { color: theme.colors.text.primary },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    }),
    active: css({ borderBottomColor: theme.colors.warning.main, color: theme.colors.text.maxContrast }),
    narrow: css({
      alignItems: 'center',
      display: 'flex',
      flexGrow: 1,
      gap: theme.spacing(1),
      justifyContent: 'flex-end',
      minWidth: 0,
      [wide]: { display: 'none' },
    }),
    current: css({ color: theme.colors.text.secondary, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
    tools: css({ alignItems: 'center', display: 'flex', gap: theme.spacing(1) }),
  }
}
