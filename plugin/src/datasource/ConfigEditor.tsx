import type { DataSourcePluginOptionsEditorProps } from '@grafana/data'
import { Field, FieldSet, Input, SecretInput } from '@grafana/ui'
import { useId } from 'react'
import type { TidewatchOptions, TidewatchSecrets } from './query-model.ts'

type Props = DataSourcePluginOptionsEditorProps<TidewatchOptions, TidewatchSecrets>

/** Where the collector is, and the two tokens: one to look, one to act. */
export function ConfigEditor({ options, onOptionsChange }: Props) {
  const id = useId()
  const { jsonData } = options
  // The routes read the address from jsonData; Grafana's own pages show the other one.
  const setUrl = (url: string) => onOptionsChange({ ...options, url, access: 'proxy', jsonData: { ...jsonData, url } })
  return (
    <>
      <FieldSet label="Connection">
        <Field label="URL" htmlFor={`${id}-url`} description="Where Grafana's server reaches the collector." required>
          <Input
            id={`${id}-url`}
            width={60}
            placeholder="http://collector:8484"
            value={jsonData.url ?? options.url ?? ''}
            onChange={(event) => setUrl(event.currentTarget.value)}
            onBlur={(event) => setUrl(event.currentTarget.value.trim().replace(/\/+$/, ''))}
          />
        </Field>
        <Field
          label="Shortest interval"
          htmlFor={`${id}-interval`}
          description="No bucket of a time series is shorter than this. Set it to how often your sources write."
        >
          <Input
            id={`${id}-interval`}
            width={20}
            placeholder="10s"
            value={jsonData.minInterval ?? ''}
            onChange={(event) =>
              onOptionsChange({ ...options, jsonData: { ...jsonData, minInterval: event.currentTarget.value || undefined } })
            }
          />
        </Field>
      </FieldSet>
      <FieldSet label="Tokens">
        <TokenField
          name="readToken"
          label="Read token"
          description="Scope read. Everyone who may query this datasource looks through it. A collector without tokens needs none."
          options={options}
          onOptionsChange={onOptionsChange}
        />
        <TokenField
          name="operateToken"
          label="Operate token"
          description="Scope operate. Editors acknowledge and resolve alerts through it; without it the panels can only look."
          options={options}
          onOptionsChange={onOptionsChange}
        />
      </FieldSet>
    </>
  )
}

type TokenProps = Props & { name: keyof TidewatchSecrets; label: string; description: string }

function TokenField({ name, label, description, options, onOptionsChange }: TokenProps) {
  const id = useId()
  const { secureJsonData, secureJsonFields } = options
  return (
    <Field label={label} htmlFor={id} description={description}>
      <SecretInput
        id={id}
        width={60}
        isConfigured={secureJsonFields[name] === true}
        value={secureJsonData?.[name] ?? ''}
        onChange={(event) => onOptionsChange({ ...options, secureJsonData: { ...secureJsonData, [name]: event.currentTarget.value } })}
        onReset={() =>
          onOptionsChange({
            ...options,
            secureJsonData: { ...secureJsonData, [name]: '' },
            secureJsonFields: { ...secureJsonFields, [name]: false },
          })
        }
      />
    </Field>
  )
}
