import * as emotion from '@emotion/css'
import * as emotionReact from '@emotion/react'
import * as grafanaData from '@grafana/data'
import * as grafanaRuntime from '@grafana/runtime'
import * as grafanaUi from '@grafana/ui'
import lodash from 'lodash'
import moment from 'moment'
import * as react from 'react'
import * as jsxDevRuntime from 'react/jsx-dev-runtime'
import * as jsxRuntime from 'react/jsx-runtime'
import * as reactDom from 'react-dom'
import * as rxjs from 'rxjs'
import * as rxjsOperators from 'rxjs/operators'

/** What Grafana hands to a plugin instead of letting it bundle its own copy. */
export const sharedModules: Readonly<Record<string, object>> = {
  '@emotion/css': emotion,
  '@emotion/react': emotionReact,
  '@grafana/data': grafanaData,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/ui': grafanaUi,
  lodash,
  moment,
  react,
  'react-dom': reactDom,
  'react/jsx-dev-runtime': jsxDevRuntime,
  'react/jsx-runtime': jsxRuntime,
  rxjs,
  'rxjs/operators': rxjsOperators,
}
