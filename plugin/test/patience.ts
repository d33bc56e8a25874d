import { configure } from '@testing-library/react'
import { patience } from '../../vitest.patience.ts'

// By default a wait is given up after a second, which is soon on a busy machine.
configure({ asyncUtilTimeout: patience.expect.poll.timeout })
