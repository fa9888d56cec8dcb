// Full load on an Envoy with two workers for minutes, of tokens good and bad, while the provider changes its keys: its memory
// stays flat, no request is left behind, and nobody gets a 5xx.
import { readFileSync } from 'node:fs'

import { cluster, freePorts, idtoken, listener, startEnvoy, startJwks } from '../envoy.mjs'
import { makeKey, makeToken, remote } from '../issuer.mjs'
import { median, tokenFile, wrk } from './wrk.mjs'

const minutes = Number(process.argv[2])
const ROUND_SECONDS = 20
const ROUNDS_PER_KEY = 3
const COOLDOWN_SECONDS = 1
/** Tokens of unknown kids keep the cooldown going, so a new key is noticed when it is over; and then the fetch takes a while. */
const NOTICED_SECONDS = COOLDOWN_SECONDS + 0.5
/** One request of two is good. */
const GOOD = 500

let key = makeKey('key-0')
const jwks = await startJwks([key.jwk])
const [port] = await freePorts(1)
const provider = remote(jwks.url, {}, { cache_duration: '10s', cooldown_duration: `${COOLDOWN_SECONDS}s` })
const route = { direct_response: { status: 200 } }
const envoy = await startEnvoy({
  listeners: [listener(port, [idtoken({ providers: { corp: provider } })], { route })],
  clusters: [cluster('jwks', jwks.port)],
  concurrency: 2,
})

const megabytes = (bytes) => bytes / 2 ** 20

/** The linear memories: V8 puts each in front of gigabytes that nobody may touch. */
function linearMemory() {
  const areas = readFileSync(`/proc/${envoy.pid}/maps`, 'utf8').trim().split('\n').map((line) => {
    const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line)
    return { from: Number(`0x${from}`), to: Number(`0x${to}`), rights }
  })
  const isGuarded = (area, next) => area.rights === 'rw-p' && next?.rights === '---p' && next.from === area.to && next.to - next.from > 2 ** 31
  return areas.filter((area, at) => isGuarded(area, areas[at + 1])).reduce((sum, { from, to }) => sum + to - from, 0)
}

async function look() {
  const stats = await envoy.admin('/stats?filter=' + encodeURIComponent('downstream_rq_[1-5]xx|downstream_rq_active|idtoken_waiting|runtime.v8.active'))
  const sum = (pattern) => [...stats.matchAll(pattern)].reduce((all, [, value]) => all + Number(value), 0)
  return {
    rss: megabytes(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${envoy.pid}/status`, 'utf8'))[1]) * 1024),
    heap: megabytes(Number(JSON.parse(await envoy.admin('/memory')).allocated)),
    linear: megabytes(linearMemory()),
    machines: sum(/runtime\.v8\.active: (\d+)/g),
    waiting: sum(/idtoken_waiting_requests: (\d+)/g),
    active: sum(/^http\.ingress\.downstream_rq_active: (\d+)/gm),
    codes: Object.fromEntries([2, 4, 5].map((digit) => [digit, sum(new RegExp(`^http\\.ingress\\.downstream_rq_${digit}xx: (\\d+)`, 'gm'))])),
  }
}

function mixture() {
  const now = Math.floor(Date.now() / 1000)
  const tokens = []
  for (let at = 0; at < GOOD; at += 1) {
    const good = makeToken(key, { sub: `user-${at}` })
    const bad = [
      () => `${good.slice(0, -8)}AAAAAAAA`,
      () => makeToken(key, { iat: now - 900, exp: now - 600 }),
      () => makeToken({ ...key, kid: `unknown-${at}` }),
      () => good.slice(0, 100 + at % 100),
      () => makeToken(key, { aud: 'other' }),
    ]
    tokens.push(good, bad[at % bad.length]())
  }
  return tokenFile(tokens)
}

const seen = []
const faults = []
try {
  const end = Date.now() + minutes * 60_000
  for (let round = 0; Date.now() < end; round += 1) {
    const isRotation = round > 0 && round % ROUNDS_PER_KEY === 0
    if (isRotation) {
      key = makeKey(`key-${round / ROUNDS_PER_KEY}`)
      jwks.keys = [key.jwk]
    }
    const load = await wrk(port, mixture(), { seconds: ROUND_SECONDS, connections: 8 })
    const now = await look()
    seen.push(now)
    const share = 1 - load.refused / load.requests
    const least = isRotation ? 0.499 * (1 - NOTICED_SECONDS / ROUND_SECONDS) : 0.499
    if (share > 0.501 || share < least) faults.push(`round ${round}: ${(100 * share).toFixed(2)} % passed`)
    // Keys are there all the time, and a fetch takes milliseconds.
    if (load.p99 > 1_000_000) faults.push(`round ${round}: one request of a hundred took over ${load.p99} µs`)
    if (load.broken > 0) faults.push(`round ${round}: ${load.broken} connections broke`)
    console.log(
      `${((round + 1) * ROUND_SECONDS) / 60 >= 1 ? Math.round(((round + 1) * ROUND_SECONDS) / 6) / 10 : '<1'} min: ` +
        `${Math.round(load.perSecond)} req/s, p99 ${load.p99} µs, 2xx ${now.codes[2]}, 4xx ${now.codes[4]}, 5xx ${now.codes[5]}, ${(100 * share).toFixed(2)} % passed${isRotation ? ' through a rotation' : ''}; ` +
        `RSS ${now.rss.toFixed(1)} MiB, heap ${now.heap.toFixed(1)}, linear ${now.linear.toFixed(2)} in ${now.machines} machines; ${jwks.fetches} fetches`,
    )
  }
  const last = await look()
  const warm = seen.slice(Math.ceil(seen.length / 3))
  const [before, after] = [warm.slice(0, warm.length / 2), warm.slice(warm.length / 2)]
  const of = (list, what) => median(list.map((each) => each[what]))
  if (before.length === 0) faults.push('too short to say anything about memory: it takes two minutes')
  else {
    // Linear memory never shrinks, so it may not grow at all; what malloc holds goes up and down a little.
    if (seen.at(-1).linear > warm[0].linear) faults.push(`linear memory grew from ${warm[0].linear} to ${seen.at(-1).linear} MiB`)
    if (warm[0].linear === 0) faults.push('no linear memory found')
    for (const what of ['rss', 'heap'])
      if (of(after, what) > of(before, what) * 1.03 + 2) faults.push(`${what} grew from ${of(before, what).toFixed(1)} to ${of(after, what).toFixed(1)} MiB`)
    console.log(`after warm-up, first half and second: RSS ${of(before, 'rss').toFixed(1)} and ${of(after, 'rss').toFixed(1)} MiB, heap ${of(before, 'heap').toFixed(1)} and ${of(after, 'heap').toFixed(1)}, linear ${warm[0].linear} and ${seen.at(-1).linear}`)
  }
  // The one that asks is not counted: it asks the admin port.
  for (const what of ['waiting', 'active']) if (last[what] !== 0) faults.push(`${last[what]} requests ${what} after the load`)
  if (last.machines !== seen[0].machines) faults.push(`${last.machines} virtual machines, and ${seen[0].machines} before`)
  // Keys are there all the time, so that not even 503 has a reason.
  if (last.codes[5] !== 0) faults.push(`${last.codes[5]} answers of 5xx`)
  if (/panicked|RuntimeError|Function: /.test(envoy.logs())) faults.push(envoy.logs())
} finally {
  await envoy.stop()
  await jwks.stop()
}
console.log(faults.length === 0 ? 'flat, and nothing left behind' : faults.join('\n'))
process.exitCode = faults.length === 0 ? 0 : 1
