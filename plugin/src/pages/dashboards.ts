/** The dashboards Tidewatch brings, with the question each answers. */
export const dashboards = [
  { uid: 'tidewatch-overview', title: 'Overview', question: 'Is everything healthy, what is wrong, what changed?' },
  { uid: 'tidewatch-system-health', title: 'System Health', question: 'Which component is in which state, and since when?' },
  { uid: 'tidewatch-alerts', title: 'Alerts', question: 'What fires, who has it, what came just before?' },
  { uid: 'tidewatch-performance', title: 'Performance', question: 'How fast are requests, how busy are the machines?' },
  { uid: 'tidewatch-deployments', title: 'Deployments', question: 'What changed, when, by whom, and did it go well?' },
  { uid: 'tidewatch-metrics', title: 'Metrics', question: 'What does any measurement say?' },
] as const
