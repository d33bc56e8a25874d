import fc from 'fast-check'

/**
 * fast-check with the same dice in every run: a suite that passed passes again. To look for what nobody
 * thought of yet, throw other dice: `SEED=$RANDOM npx vitest run --project unit:collector`.
 */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20_260_121) })

export { fc }
