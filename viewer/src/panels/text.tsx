import { css, cx } from '@emotion/css'
import { PanelPlugin, type PanelProps, renderTextPanelMarkdown, textUtil } from '@grafana/data'
import { ScrollContainer } from '@grafana/ui'
import { useMemo } from 'react'
import { setDefaultOptions } from './panel-options.ts'

type TextOptions = { mode: 'markdown' | 'html' | 'code'; content: string }

/** Grafana's "Text": Markdown or HTML, sanitized, with variables filled in. */
function TextPanel({ options, replaceVariables, renderCounter }: PanelProps<TextOptions>) {
  const { mode, content } = options
  // biome-ignore lint/correctness/useExhaustiveDependencies: variables change without the options changing; the counter tells.
  const html = useMemo(() => {
    const filled = replaceVariables(content, {}, mode === 'html' ? 'html' : undefined)
    return mode === 'markdown' ? renderTextPanelMarkdown(filled) : textUtil.sanitize(filled)
  }, [mode, content, replaceVariables, renderCounter])
  return (
    <ScrollContainer>
      {mode === 'code' ? (
        <pre>{replaceVariables(content)}</pre>
      ) : (
        // biome-ignore lint/security/noDangerouslySetInnerHtml: both renderers sanitize.
        <div className={cx('markdown-html', bodyClass)} dangerouslySetInnerHTML={{ __html: html }} />
      )}
    </ScrollContainer>
  )
}

const bodyClass = css({ height: '100%' })

const plugin = new PanelPlugin<TextOptions>(TextPanel)
export const textPanel = setDefaultOptions(plugin, { mode: 'markdown' as const, content: '' })
