import { Button, Field, Input, Modal } from '@grafana/ui'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import type { TokenKeeper, TokenQuestion } from '../services/token-source.ts'

/** Asks for a token when the collector answers that it needs one. */
export function TokenPrompt({ keeper }: { keeper: TokenKeeper }) {
  const question = useSyncExternalStore(keeper.subscribe, keeper.question)
  return question ? <TokenForm question={question} /> : null
}

function TokenForm({ question }: { question: TokenQuestion }) {
  const [token, setToken] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    question.answer(token)
  }
  return (
    <Modal title="This collector asks for a token" isOpen onDismiss={() => question.answer(undefined)}>
      <form onSubmit={submit}>
        <p>Enter a token with the scope “read”; with “operate” too you may acknowledge and resolve. It is kept until this tab is closed.</p>
        <Field
          label="Token"
          invalid={question.refused}
          error={question.refused ? 'The collector refused the token it was given.' : undefined}
        >
          <Input
            id="collector-token"
            type="password"
            autoComplete="off"
            autoFocus
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        </Field>
        <Modal.ButtonRow>
          <Button type="button" variant="secondary" fill="outline" onClick={() => question.answer(undefined)}>
            Not now
          </Button>
          <Button type="submit" disabled={token.trim() === ''}>
            Use this token
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  )
}
