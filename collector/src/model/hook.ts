/** What every door for other systems' messages has. */
type HookShape = {
  /** The source under which its messages are kept. */
  readonly name: string
  readonly secret: string
  /** Taken beside `secret` while a secret is changed. */
  readonly oldSecret?: string | undefined
  /** From one address; the messages of all hooks of a kind count together. */
  readonly requestsPerMinute: number
  readonly bodyBytesMax: number
}

/** A system whose alerts are shown beside ours. */
export type ForeignSource = {
  readonly name: string
  /** Whether its alerts go to receivers here, too. */
  readonly notify: boolean
  /** An alert that nothing was heard of for so long has ended: the message that said so was lost. */
  readonly resolveAfterMs: number
  /** Active alerts at a time. */
  readonly alertsMax: number
}

export type GrafanaHook = HookShape &
  ForeignSource & {
    readonly type: 'grafana'
    readonly header: string
    /** Left out: signatures cover the body alone. */
    readonly timestampHeader?: string | undefined
    readonly timestampToleranceMs: number
  }

export type AlertmanagerHook = HookShape & ForeignSource & { readonly type: 'alertmanager' }

export type GithubHook = HookShape & {
  readonly type: 'github'
  /** The service of a repository `owner/name`; of others it is the repository's name. */
  readonly services: Readonly<Record<string, string>>
  /** Where workflows and releases deploy to. */
  readonly environment: string
  /** Names of the workflows whose runs are deployments. */
  readonly workflows: readonly string[]
  /** Whether a published release is a deployment. */
  readonly releases: boolean
}

export type Hook = GrafanaHook | AlertmanagerHook | GithubHook
