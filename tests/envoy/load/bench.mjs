// The filter beside Envoy's own jwt_authn in one Envoy with one worker, in turns; writes its part of docs/performance.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

import { freePorts, idtoken, jwtAuthn, listener, startEnvoy } from '../envoy.mjs'
import { CLIENT, ISSUER, local, makeKey, makeToken } from '../issuer.mjs'
import { median, tokenFile, wrk } from './wrk.mjs'

const seconds = Number(process.argv[2])
const ROUNDS = 3
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
/** Of both filters; there are more tokens than that, so that none is remembered when its turn comes again. */
const CACHE = 1000
const TOKENS = 5000
const PAGE = 'docs/performance.md'
const [BEGIN, END] = ['<!-- envoy:begin -->', '<!-- envoy:end -->']

const claims = [{ header_name: 'x-user', claim_name: 'sub' }]
const theirs = (key, more) =>
  jwtAuthn({
    providers: {
      corp: { issuer: ISSUER, audiences: [CLIENT], local_jwks: { inline_string: JSON.stringify({ keys: [key.jwk] }) }, claim_to_headers: claims, ...more },
    },
    rules: [{ match: { prefix: '/' }, requires: { provider_name: 'corp' } }],
  })
const ours = (key, more) =>
  idtoken({ providers: { corp: local([key], { algorithms: [key.alg], claim_to_headers: claims, ...more }) } })

const CASES = [
  ['no cache', 'distinct', (key) => theirs(key, {}), (key) => ours(key, {})],
  ['cache', 'distinct', (key) => theirs(key, { jwt_cache_config: { jwt_cache_size: CACHE } }), (key) => ours(key, { jwt_cache_config: { jwt_cache_size: CACHE } })],
  ['cache', 'one', (key) => theirs(key, { jwt_cache_config: { jwt_cache_size: CACHE } }), (key) => ours(key, { jwt_cache_config: { jwt_cache_size: CACHE } })],
]

const lanes = [{ name: 'no filter', tokens: tokenFile([]), filters: [] }]
for (const alg of ALGORITHMS) {
  const key = makeKey('one', alg)
  const hour = Math.floor(Date.now() / 1000) + 3600
  const tokens = Array.from({ length: TOKENS }, (_, at) => makeToken(key, { sub: `user-${at}`, exp: hour }))
  const files = { distinct: tokenFile(tokens), one: tokenFile(tokens.slice(0, 1)) }
  for (const [cache, which, their, our] of CASES) {
    const name = `${alg}, ${cache}, ${which === 'one' ? 'one token' : 'distinct tokens'}`
    lanes.push({ name, who: 'jwt_authn', tokens: files[which], filters: [their(key)] })
    lanes.push({ name, who: 'idtoken', tokens: files[which], filters: [our(key)] })
  }
}

// Who reads the figures should know what else went on.
const [busy] = loadavg()
const ports = await freePorts(lanes.length)
const route = { direct_response: { status: 200 } }
const envoy = await startEnvoy({ listeners: lanes.map(({ filters }, at) => listener(ports[at], filters, { route })), clusters: [] })
try {
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [at, lane] of lanes.entries()) {
      // The first round only warms up.
      const time = round === 0 ? 1 : seconds
      const full = await wrk(ports[at], lane.tokens, { seconds: time, connections: 16 })
      const alone = round === 0 ? full : await wrk(ports[at], lane.tokens, { seconds: time, connections: 1 })
      if (full.refused + full.broken + alone.refused + alone.broken > 0)
        throw new Error(`${lane.who ?? ''} ${lane.name}: ${JSON.stringify([full, alone])}`)
      if (round > 0) (lane.runs ??= []).push({ rate: full.perSecond, p50: alone.p50, p99: alone.p99 })
    }
    console.log(round === 0 ? 'warm' : `round ${round} of ${ROUNDS}`)
  }
} finally {
  await envoy.stop()
}

const of = (lane, what) => median(lane.runs.map((run) => run[what]))
const base = lanes[0]
const rate = (lane) => Math.round(of(lane, 'rate')).toLocaleString('en')
const added = (lane) => ['p50', 'p99'].map((what) => Math.round(of(lane, what) - of(base, what))).join(' / ')
const rows = lanes
  .filter(({ who }) => who === 'jwt_authn')
  .map((their) => {
    const our = lanes.find(({ name, who }) => name === their.name && who === 'idtoken')
    const ratio = median(our.runs.map((run, at) => run.rate / their.runs[at].rate))
    return `| ${their.name} | ${rate(their)} | ${rate(our)} | ${ratio.toFixed(2)} | ${added(their)} | ${added(our)} |`
  })
const text = `${BEGIN}
## In Envoy
\`cargo xtask bench envoy\`: one Envoy 1.40 with one worker on ${cpus().length} cores of ${cpus()[0].model.trim()}, answering itself; wrk
in turns, ${ROUNDS} rounds of ${seconds} s, medians. Requests per second are with 16 connections, latencies with one. Without a filter:
${rate(base)} requests per second, p50 ${of(base, 'p50')} µs, p99 ${of(base, 'p99')} µs. Distinct tokens are ${TOKENS.toLocaleString('en')} in turn, a cache has
${CACHE.toLocaleString('en')} entries, so with distinct tokens in turn it never hits, and the row shows what keeping it costs. The ratio is the
median of those of the rounds; what is added is a percentile with the filter less the same one without. The load average just before was ${busy.toFixed(1)}. Both filters send \`sub\` to the service; what else ours checks is in [envoy.md](envoy.md).

| tokens | jwt_authn, req/s | idtoken, req/s | ratio | jwt_authn adds, p50 / p99 µs | idtoken adds, p50 / p99 µs |
|---|---|---|---|---|---|
${rows.join('\n')}
${END}`
console.log(`\n${text}`)
const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : `# Performance\n\n${BEGIN}${END}\n`
const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
writeFileSync(PAGE, from < 0 || to < from ? `${page.trimEnd()}\n\n${text}\n` : page.slice(0, from) + text + page.slice(to + END.length))
