// A real Envoy with the filter, for tests: started on free ports of 127.0.0.1, ended by its pid.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ENVOY = needed('IDTOKEN_ENVOY')
export const FILTER = needed('IDTOKEN_FILTER')
export const FIXED_CLOCK = needed('IDTOKEN_FILTER_FIXED_CLOCK')

function needed(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test envoy\``)
  return resolve(value)
}

const TYPE = 'type.googleapis.com/'
const typed = (type, more) => ({ '@type': TYPE + type, ...more })
const address = (port) => ({ socket_address: { address: '127.0.0.1', port_value: port } })

/** A filter as the configuration of Envoy names it; all with one `vmId` share a virtual machine per thread. */
export const idtoken = (configuration, { wasm = FILTER, vmId = 'idtoken' } = {}) => ({
  name: 'idtoken',
  typed_config: typed('envoy.extensions.filters.http.wasm.v3.Wasm', {
    config: {
      name: 'idtoken',
      root_id: 'idtoken',
      failure_policy: 'FAIL_CLOSED',
      configuration: typed('google.protobuf.StringValue', {
        value: typeof configuration === 'string' ? configuration : JSON.stringify(configuration),
      }),
      vm_config: { vm_id: vmId, runtime: 'envoy.wasm.runtime.v8', code: { local: { filename: wasm } } },
    },
  }),
})

/** Envoy's own filter for JWTs, beside which ours is put. */
export const jwtAuthn = (configuration) => ({
  name: 'envoy.filters.http.jwt_authn',
  typed_config: typed('envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', configuration),
})

/** A listener on a port, or on a socket by its path; `route` is where all goes that `routes` do not
 * take, `log` a format for its access log. */
export const listener = (port, filters, { routes = [], route = { route: { cluster: 'upstream' } }, log } = {}) => ({
  name: `on-${port}`,
  address: typeof port === 'string' ? { pipe: { path: port } } : address(port),
  filter_chains: [
    {
      filters: [
        {
          name: 'envoy.filters.network.http_connection_manager',
          typed_config: typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
            stat_prefix: 'ingress',
            generate_request_id: false,
            // Otherwise Envoy keeps connections of refused requests for a second.
            delayed_close_timeout: '0s',
            http_protocol_options: { enable_trailers: true },
            ...(log && {
              access_log: [
                {
                  name: 'envoy.access_loggers.stdout',
                  typed_config: typed('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
                    log_format: { text_format_source: { inline_string: log } },
                  }),
                },
              ],
            }),
            route_config: {
              virtual_hosts: [{ name: 'all', domains: ['*'], routes: [...routes, { match: { prefix: '/' }, ...route }] }],
            },
            http_filters: [
              ...filters,
              { name: 'envoy.filters.http.router', typed_config: typed('envoy.extensions.filters.http.router.v3.Router') },
            ],
          }),
        },
      ],
    },
  ],
})

export const cluster = (name, port) => ({
  name,
  type: 'STATIC',
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed('envoy.extensions.upstreams.http.v3.HttpProtocolOptions', {
      explicit_http_config: { http_protocol_options: { enable_trailers: true } },
    }),
  },
  load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }] },
})

/** The labels that the metrics' names stand for; the same as in examples/envoy/envoy.yaml. */
export const statsConfig = {
  stats_tags: ['provider', 'result', 'reason', 'event'].map((tag) => ({
    tag_name: tag,
    regex: `idtoken_.*?(\\.${tag}\\.([^.]+))`,
  })),
}

/** Ports that nobody listens on. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((done) => server.once('listening', done))))
  const ports = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** Starts Envoy and waits until it is ready. `logs()` is what it has written. */
export async function startEnvoy({ listeners, clusters, concurrency = 1 }) {
  const folder = mkdtempSync(join(tmpdir(), 'idtoken-envoy-'))
  const [admin] = await freePorts(1)
  const config = {
    admin: { address: address(admin) },
    stats_config: statsConfig,
    static_resources: { listeners, clusters },
  }
  const file = join(folder, 'envoy.json')
  const log = join(folder, 'log')
  writeFileSync(file, JSON.stringify(config))
  const words = ['-c', file, '--concurrency', `${concurrency}`, '-l', 'warning', '--component-log-level', 'wasm:info']
  const output = openSync(log, 'w')
  const child = spawn(ENVOY, [...words, '--disable-hot-restart', '--file-flush-interval-msec', '100'], { stdio: ['ignore', output, output] })
  const ended = new Promise((done) => child.once('exit', done))
  const logs = () => readFileSync(log, 'utf8')
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true })
  }
  const end = Date.now() + 120_000
  for (;;) {
    const ready = await ask(admin, '/ready').catch(() => undefined)
    if (ready?.status === 200) break
    if (child.exitCode !== null || Date.now() > end) {
      const said = logs()
      await stop()
      throw new Error(`Envoy did not start:\n${said}`)
    }
    await pause(50)
  }
  const metrics = async () => (await ask(admin, '/stats/prometheus')).body
  const ready = async () => (await ask(admin, '/ready')).status === 200
  return { stop, logs, metrics, ready, pid: child.pid, admin: async (path) => (await ask(admin, path)).body }
}

/** What `envoy --mode validate` says of a configuration of the filter. */
export function validate(configuration, wasm = FILTER) {
  const folder = mkdtempSync(join(tmpdir(), 'idtoken-envoy-'))
  const file = join(folder, 'envoy.json')
  const config = {
    static_resources: { listeners: [listener(10000, [idtoken(configuration, { wasm })])], clusters: [cluster('upstream', 1)] },
  }
  writeFileSync(file, JSON.stringify(config))
  const run = spawnSync(ENVOY, ['--mode', 'validate', '-c', file, '-l', 'warning'], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  return { ok: run.status === 0, text: run.stdout + run.stderr }
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms))

/** Waits until `test` gives something. */
export async function until(test, what, ms = 20_000) {
  const end = Date.now() + ms
  for (;;) {
    const found = await test()
    if (found) return found
    if (Date.now() > end) throw new Error(`it never came to this: ${what}`)
    await pause(25)
  }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })

/** One request, to a port or a socket. `headers` is an object, or a flat list of names and values for odd ones. */
export function ask(port, path = '/', headers = {}, { method = 'GET', body, trailers } = {}) {
  return new Promise((done, failed) => {
    const to = typeof port === 'string' ? { socketPath: port } : { host: '127.0.0.1', port }
    const request = http.request({ ...to, path, method, headers, agent, timeout: 30_000 }, (response) => {
      const parts = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () =>
        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() }),
      )
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', failed)
    if (trailers) request.addTrailers(trailers)
    request.end(body)
  })
}

/** A service that tells what reached it: JSON of method, url and the fields in order. */
export async function startUpstream() {
  const seen = []
  const server = http.createServer((request, response) => {
    const fields = []
    for (let at = 0; at < request.rawHeaders.length; at += 2) fields.push(request.rawHeaders.slice(at, at + 2))
    // Trailers are known at the end.
    request.resume().on('end', () => {
      const what = { method: request.method, url: request.url, fields, trailers: request.rawTrailers }
      seen.push(what)
      response.end(JSON.stringify(what))
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { port: server.address().port, seen, stop: () => closed(server) }
}

/** A provider's keys, to be changed and switched off at will. */
export async function startJwks(keys) {
  const state = { keys, status: 200, delay: 0, fetches: 0 }
  const server = http.createServer((request, response) => {
    state.fetches += 1
    setTimeout(() => {
      response.writeHead(state.status, { 'content-type': 'application/json', ...state.headers })
      response.end(typeof state.keys === 'string' ? state.keys : JSON.stringify({ keys: state.keys }))
    }, state.delay)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  state.port = server.address().port
  state.url = `http://127.0.0.1:${state.port}/jwks`
  state.stop = () => closed(server)
  return state
}

function closed(server) {
  server.closeAllConnections()
  return new Promise((done) => server.close(done))
}

/** The code of an answer: what error_description says; a bare challenge says that there is no token. */
export function codeOf(answer) {
  if (answer.status === 200) return 'accept'
  const challenge = answer.headers['www-authenticate']
  if (!challenge) return answer.body
  return /error_description="([^"]*)"/.exec(challenge)?.[1] ?? 'token_missing'
}

/** A service behind an Envoy with the filter. */
export async function startService(config) {
  const upstream = await startUpstream()
  const [port] = await freePorts(1)
  const layout = { listeners: [listener(port, [idtoken(config)])], clusters: [cluster('upstream', upstream.port)] }
  const envoy = await startEnvoy(layout).catch(async (error) => {
    await upstream.stop()
    throw error
  })
  const stop = async () => {
    await envoy.stop()
    await upstream.stop()
  }
  return { upstream, port, envoy, stop }
}
