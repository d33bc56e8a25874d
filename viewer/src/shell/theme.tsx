import { createTheme, type GrafanaTheme2, getThemeById, ThemeContext } from '@grafana/data'
import { config, getAppEvents, ThemeChangedEvent } from '@grafana/runtime'
import { GlobalStyles } from '@grafana/ui'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { keepTheme, readTheme, type ThemeName } from '../boot/theme-choice.ts'

type ThemeSwitch = { name: ThemeName; toggle: () => void }

const SwitchContext = createContext<ThemeSwitch>({ name: 'dark', toggle: () => undefined })

export const useThemeSwitch = () => useContext(SwitchContext)

/** Gives the page its theme, and tells those who do not look at React's context. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [name, setName] = useState(readTheme)
  const theme = useMemo(() => getThemeById(name) ?? createTheme({ colors: { mode: name } }), [name])
  const toggle = useCallback(() => {
    const next = name === 'dark' ? 'light' : 'dark'
    keepTheme(next)
    announce(getThemeById(next))
    setName(next)
  }, [name])
  const value = useMemo(() => ({ name, toggle }), [name, toggle])
  return (
    <ThemeContext.Provider value={theme}>
      <SwitchContext.Provider value={value}>
        <GlobalStyles />
        {children}
      </SwitchContext.Provider>
    </ThemeContext.Provider>
  )
}

function announce(theme: GrafanaTheme2) {
  config.theme2 = theme
  config.theme = theme.v1
  config.bootData.user.lightTheme = theme.isLight
  config.bootData.user.theme = theme.isLight ? 'light' : 'dark'
  getAppEvents().publish(new ThemeChangedEvent(theme))
}
