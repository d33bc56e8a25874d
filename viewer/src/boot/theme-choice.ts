export type ThemeName = 'dark' | 'light'

const key = 'tidewatch.theme'

/** The theme chosen in this browser, else the system's, else dark. */
export function readTheme(): ThemeName {
  const chosen = readStored()
  if (chosen === 'dark' || chosen === 'light') return chosen
  return window.matchMedia?.('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}

export function keepTheme(theme: ThemeName) {
  document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem(key, theme)
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
