import { configure } from '@testing-library/react'

// By default a wait is given up after a second, which is soon on a busy machine.
configure({ asyncUtilTimeout: 60_000 })
