import { LinkButton, Stack, Text } from '@grafana/ui'

/** The app itself has nothing to set: addresses and tokens belong to the datasource. */
export function ConfigPage() {
  return (
    <Stack direction="column" gap={2}>
      <Text element="p">
        The app has no settings of its own. Each collector is a datasource of the type Tidewatch: its address and its two tokens are set
        there, so that Grafana keeps the tokens and no browser sees them.
      </Text>
      <Stack>
        <LinkButton href="connections/datasources/tidewatch-monitoring-datasource" icon="plus">
          Add a Tidewatch datasource
        </LinkButton>
        <LinkButton href="connections/datasources" variant="secondary">
          All datasources
        </LinkButton>
      </Stack>
    </Stack>
  )
}
