// Runs before anything is drawn, so that a page in the light theme does not flash dark, or the other way round.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('tidewatch.theme')
  } catch {
    // Storage may be closed to us; the system's preference then decides.
  }
  const light = chosen === 'light' || (chosen !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset.theme = light ? 'light' : 'dark'
})()
