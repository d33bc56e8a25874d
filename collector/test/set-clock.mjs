// Loaded before the collector by `node --import`: SIGUSR2 sets its clock an hour forth, SIGWINCH an hour back.
const RealDate = Date
const hourMs = 3_600_000
let setByMs = 0

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + setByMs)
    else super(...given)
  }

  static now() {
    return RealDate.now() + setByMs
  }
}

process.on('SIGUSR2', () => {
  setByMs += hourMs
})
process.on('SIGWINCH', () => {
  setByMs -= hourMs
})
