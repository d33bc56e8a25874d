import { Input } from '@grafana/ui'
import { useEffect, useState } from 'react'

type Props = { id?: string; label: string; value: string; placeholder?: string; width?: number; onCommit: (value: string) => void }

/** A text that counts when it is finished: on Enter or when the focus leaves. */
export function CommitInput({ id, label, value, placeholder, width, onCommit }: Props) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const commit = () => {
    if (text.trim() !== value) onCommit(text.trim())
  }
  return (
    <Input
      id={id}
      aria-label={label}
      width={width}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  )
}
