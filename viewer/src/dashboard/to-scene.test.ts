// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes variables like this.
import { setTemplateSrv } from '@grafana/runtime'
import { dataLayers, type SceneDataLayerSet, type SceneDataTransformer, type SceneQueryRunner, VizPanel } from '@grafana/scenes'
import type { Dashboard } from '@grafana/schema'
import { describe, expect, it } from 'vitest'
import { createTemplateSrv } from '../services/template-srv.ts'
import { toScene } from './to-scene.ts'

const dashboard = {
  uid: 'one',
  title: 'One',
  schemaVersion: 42,
  time: { from: 'now-6h', to: 'now' },
  refresh: '10s',
  graphTooltip: 1,
  templating: { list: [{ name: 'host', type: 'custom', query: 'a,b', current: { value: 'b', text: 'b' } }] },
  annotations: {
    list: [
      { builtIn: 1, name: 'Annotations & Alerts', enable: true, iconColor: 'red', datasource: { uid: '-- Grafana --', type: 'grafana' } },
      { name: 'Deployments', enable: true, iconColor: 'blue', datasource: { uid: 'tidewatch' }, target: { kind: 'deployments' } },
    ],
  },
  panels: [
    {
      id: 7,
      type: 'timeseries',
      title: 'CPU of $host',
      description: 'why',
      datasource: { uid: 'tidewatch', type: 'tidewatch-monitoring-datasource' },
      targets: [{ refId: 'A', kind: 'metrics', measurement: 'cpu' }],
      interval: '10s',
      transformations: [{ id: 'reduce', options: {} }],
      fieldConfig: { defaults: { unit: 'percent' }, overrides: [] },
      gridPos: { x: 0, y: 0, w: 12, h: 8 },
    },
    { id: 8, type: 'text', options: { content: 'hello' }, gridPos: { x: 12, y: 0, w: 12, h: 8 } },
  ],
} as unknown as Dashboard

const panels = () => {
  const scene = toScene(dashboard)
  return scene.state.body.state.children.map((item) => (item.state as unknown as { body: VizPanel }).body)
}

describe('toScene', () => {
  it('takes time, refresh and title over', () => {
    const { state } = toScene(dashboard)
    expect(state).toMatchObject({ uid: 'one', title: 'One', notices: [] })
    expect(state.$timeRange?.state).toMatchObject({ from: 'now-6h', to: 'now' })
    expect(state.refreshPicker.state.refresh).toBe('10s')
  })

  it('gives a panel its queries, transformations and field options', () => {
    const [cpu] = panels()
    expect(cpu).toBeInstanceOf(VizPanel)
    expect(cpu?.state).toMatchObject({
      key: 'panel-7',
      pluginId: 'timeseries',
      description: 'why',
      fieldConfig: { defaults: { unit: 'percent' } },
    })
    const transformer = cpu?.state.$data as SceneDataTransformer
    expect(transformer.state.transformations).toEqual([{ id: 'reduce', options: {} }])
    expect((transformer.state.$data as SceneQueryRunner).state).toMatchObject({
      datasource: { uid: 'tidewatch' },
      queries: [{ refId: 'A', kind: 'metrics', measurement: 'cpu' }],
      minInterval: '10s',
      maxDataPointsFromWidth: true,
    })
  })

  it('asks nothing for a text panel', () => {
    expect(panels()[1]?.state.$data).toBeUndefined()
  })

  it("draws the annotations of datasources, and not those of Grafana's own store", () => {
    const { $data } = toScene(dashboard).state
    const layers = ($data as SceneDataLayerSet).state.layers
    expect(layers.map((layer) => layer.state.name)).toEqual(['Deployments'])
    expect(layers[0]).toBeInstanceOf(dataLayers.AnnotationsDataLayer)
  })

  it('says what it could not take over', () => {
    const odd = {
      ...dashboard,
      templating: { list: [{ name: 'x', type: 'crystal' }] },
      panels: [{ ...dashboard.panels?.[0], repeat: 'host' }],
    }
    expect(toScene(odd as unknown as Dashboard).state.notices).toEqual([
      'This viewer does not know the type of the variable x (crystal); it is left out.',
      'The panel "CPU of $host" is repeated for each value of $host in Grafana; this viewer shows it once.',
    ])
  })
})

describe('interpolation', () => {
  it("fills a query's variables in from the dashboard on the screen", () => {
    const scene = toScene(dashboard)
    const templateSrv = createTemplateSrv({ currentScene: () => scene })
    setTemplateSrv(templateSrv)
    expect(templateSrv.replace('host is $host and ${host:regex}')).toBe('host is b and b')
    expect(templateSrv.replace('${here}', { here: { value: 'there', text: 'there' } })).toBe('there')
    expect(templateSrv.getVariables()).toMatchObject([{ name: 'host', current: { value: 'b' } }])
    expect(templateSrv.containsTemplate('$host')).toBe(true)
    expect(templateSrv.containsTemplate('5 $')).toBe(false)
  })

  it('leaves a text alone while no dashboard is on the screen', () => {
    expect(createTemplateSrv({ currentScene: () => undefined }).replace('$host')).toBe('$host')
  })
})
