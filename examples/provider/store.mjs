// The provider's memory: what oidc-provider asks of an "adapter", over one Map.
// Nothing survives the process, which is what an example wants and a real provider does not.

export function memoryStore() {
  const entries = new Map() // 'Model:id' → { payload, expires }

  return class Store {
    constructor(model) {
      this.model = model
    }

    async upsert(id, payload, expiresIn) {
      const expires = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000
      entries.set(`${this.model}:${id}`, { payload, expires })
    }

    async find(id) {
      const entry = entries.get(`${this.model}:${id}`)
      return entry && entry.expires > Date.now() ? entry.payload : undefined
    }

    async findByUid(uid) {
      return this.#first(payload => payload.uid === uid)
    }

    async findByUserCode(userCode) {
      return this.#first(payload => payload.userCode === userCode)
    }

    async consume(id) {
      const payload = await this.find(id)
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
    }

    async destroy(id) {
      entries.delete(`${this.model}:${id}`)
    }

    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key)
    }

    #first(matches) {
      for (const [key, { payload, expires }] of entries) {
        if (key.startsWith(`${this.model}:`) && expires > Date.now() && matches(payload)) return payload
      }
    }
  }
}
