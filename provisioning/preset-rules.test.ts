import { join } from 'node:path'
import { expect, it } from 'vitest'
import { presets } from '../collector/src/config/presets/index.ts'
import { presetRulesYaml } from './preset-rules.ts'
import { readTree, root } from './tree.ts'

it('the rules that Grafana is given are those of the presets; vitest -u writes them', async () => {
  await expect(presetRulesYaml()).toMatchFileSnapshot(join(root, 'provisioning/alerting/rules.yaml'))
})

it('the presets that are on without a word are provisioned whole', () => {
  const rules = JSON.stringify(readTree().provisioning['alerting/rules.yaml'])
  for (const { name } of [...presets.host, ...presets.components]) expect(rules).toContain(`"title":"${name}"`)
})
