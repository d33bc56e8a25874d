/**
 * The collector and the machine it runs on, written as a person would configure them. They are
 * watched from the first start, before anything is configured.
 */
export const ownComponents = [
  { type: 'self', check: 'collector', name: 'collector' },
  { type: 'self', check: 'store', name: 'store' },
  { type: 'self', check: 'disk', name: 'disk' },
  { type: 'self', check: 'host', name: 'host', critical: false },
].map((component) => ({ environment: 'local', interval: '10s', failureThreshold: 2, successThreshold: 1, ...component }))
