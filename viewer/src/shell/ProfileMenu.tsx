import { config } from '@grafana/runtime'
import { Button, Field, IconButton, Input, Stack, Toggletip } from '@grafana/ui'
import { type FormEvent, useState } from 'react'
import { keepActor, readActor } from '../boot/actor.ts'
import type { TokenKeeper } from '../services/token-source.ts'

/** Who acknowledges from this browser, and the token it holds, if any. */
export function ProfileMenu({ token }: { token: TokenKeeper }) {
  return (
    <Toggletip title="You" content={<ProfileForm token={token} />} placement="bottom-end">
      <IconButton name="user" size="lg" aria-label="Your name and token" />
    </Toggletip>
  )
}

function ProfileForm({ token }: { token: TokenKeeper }) {
  const [name, setName] = useState(readActor)
  const [saved, setSaved] = useState(false)
  const [hasToken, setHasToken] = useState(() => token.current() !== undefined)
  const save = (event: FormEvent) => {
    event.preventDefault()
    const actor = keepActor(name)
    config.bootData.user.login = actor
    config.bootData.user.name = actor
    setName(actor)
    setSaved(true)
  }
  const forget = () => {
    token.forget()
    setHasToken(false)
  }
  const enter = () => {
    // Also undoes an earlier "Not now".
    token.forget()
    void token.ask(undefined)
  }
  return (
    <form onSubmit={save}>
      <Field label="Name" description="Written into the audit log, as claimed, when you acknowledge or resolve.">
        <Input id="profile-name" value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Stack direction="row" gap={1} alignItems="center">
        <Button type="submit" size="sm">
          Save
        </Button>
        <Button type="button" size="sm" variant="secondary" onClick={hasToken ? forget : enter}>
          {hasToken ? 'Forget the token' : 'Enter a token'}
        </Button>
        <span role="status">{saved ? 'Saved.' : ''}</span>
      </Stack>
    </form>
  )
}
