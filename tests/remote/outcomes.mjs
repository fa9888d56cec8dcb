// What the tests of RemoteVerifier run in Node and in workerd alike. The clock is the host's, so they really wait.

/** Short enough for a test; only what hangs takes as long as the timeout. */
export const SHORT = { timeoutDuration: 3000, cacheMaxAge: 1000, cooldownDuration: 1000 }

export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis))

/** What came of it: `accept`, or the code. */
export async function outcome(verdict) {
  try {
    await verdict
    return 'accept'
  } catch (error) {
    if (error?.name !== 'IdTokenError') throw error
    return `${error.code} ${error.status}`
  }
}

/** A cold instance in front of a provider with a fault. */
export async function cold({ RemoteVerifier, skipNonceCheck }, { policy, jwksUri, token }) {
  const events = []
  const rp = new RemoteVerifier(policy, { ...SHORT, jwksUri, onEvent: (event) => events.push(event) })
  const verdict = await outcome(rp.verify(token, { nonce: skipNonceCheck }))
  return { verdict, failed: events.filter(({ type }) => type === 'fetch_failed').map(({ code }) => code) }
}

/** One with keys that are no longer fresh, when the provider gets the fault. */
export async function warm({ RemoteVerifier, skipNonceCheck }, { policy, jwksUri, token }) {
  const events = []
  const rp = new RemoteVerifier(policy, { ...SHORT, jwksUri, onEvent: (event) => events.push(event.type) })
  const verify = () => outcome(rp.verify(token, { nonce: skipNonceCheck }))
  const before = await verify()
  await pause(SHORT.cacheMaxAge + 50)
  const asked = await verify()
  for (let left = 250; left > 0 && !events.includes('fetch_failed') && events.at(-1) !== 'refreshed'; left--) await pause(20)
  return { before, asked, after: await verify(), events }
}
