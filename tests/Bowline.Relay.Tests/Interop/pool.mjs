// Uses a relay as an app with nostr-tools does, and prints what it saw as one line of JSON.
//   node pool.mjs RELAY ORIGIN [auth]     with auth, the relay wants NIP-42
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { SimplePool, useWebSocketImplementation } from 'nostr-tools/pool'
import WebSocket from 'ws'

const [url, origin, auth] = process.argv.slice(2)
useWebSocketImplementation(class extends WebSocket {
  constructor(address) {
    super(address, { origin })
  }
})

const secret = generateSecretKey()
const sign = async template => finalizeEvent(template, secret)
const note = content => sign({ kind: 1, content, tags: [], created_at: Math.floor(Date.now() / 1000) })
const filter = { kinds: [1], authors: [getPublicKey(secret)] }
const seen = {}

if (auth) {
  const stranger = new SimplePool()
  seen.publishRefused = await stranger.publish([url], await note('no'))[0].then(() => null, error => error.message)
  seen.readRefused = await new Promise(resolve => stranger.subscribe([url], filter, { onclose: reasons => resolve(reasons[0].reason ?? reasons[0]) }))
  stranger.destroy()
}

const params = auth ? { onauth: sign } : {}
const [writer, reader] = [new SimplePool(), new SimplePool()]
const first = await note('first')
seen.firstReason = await writer.publish([url], first, params)[0]

const stored = []
let subscription
let live
const eose = new Promise(resolve => {
  subscription = reader.subscribe([url], filter, {
    ...params,
    oneose: resolve,
    onevent: event => (live ? live(event) : stored.push(event.id)),
  })
})
await eose
const next = new Promise(resolve => (live = resolve))
const second = await note('second "quoted"\n\u0001 ünï 🚀')
seen.secondReason = await writer.publish([url], second, params)[0]
seen.live = (await next).id === second.id
seen.stored = stored.length === 1 && stored[0] === first.id
seen.again = await writer.publish([url], second, params)[0]

const ids = (await reader.querySync([url], filter)).map(event => event.id).sort()
seen.queried = JSON.stringify(ids) === JSON.stringify([first.id, second.id].sort())
seen.got = (await reader.get([url], { ids: [first.id] }))?.content
seen.counted = await (await reader.ensureRelay(url)).count([filter], { id: 'count' })
subscription.close()
console.log(JSON.stringify(seen))
writer.destroy()
reader.destroy()
