export const gateVerdicts = ['pass', 'fail', 'inconclusive', 'error'] as const
/** What the rules of a gate come to. */
export type GateVerdict = (typeof gateVerdicts)[number]

export const gateAnswers = ['pass', 'fail', 'error'] as const
/** What whoever asked is to do: the verdict, as far as policies leave it so. */
export type GateAnswer = (typeof gateAnswers)[number]
