// Answers each line of standard input (a JSON list: a name below and its arguments) with a line of JSON, by nostr-tools.
import { createInterface } from 'node:readline'
import { finalizeEvent, getPublicKey, verifyEvent } from 'nostr-tools/pure'
import { matchFilter } from 'nostr-tools/filter'
import * as nip17 from 'nostr-tools/nip17'
import * as nip19 from 'nostr-tools/nip19'
import * as nip42 from 'nostr-tools/nip42'
import * as nip44 from 'nostr-tools/nip44'

const bytes = hex => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = value => Buffer.from(value).toString('hex')
const conversation = (secret, pub) => nip44.getConversationKey(bytes(secret), pub)

const operations = {
  verify: event => verifyEvent(event),
  sign: (secret, template) => finalizeEvent(template, bytes(secret)),
  publicKey: secret => getPublicKey(bytes(secret)),
  conversationKey: (secret, pub) => hex(conversation(secret, pub)),
  encrypt: (secret, pub, text) => nip44.encrypt(text, conversation(secret, pub)),
  decrypt: (secret, pub, payload) => nip44.decrypt(payload, conversation(secret, pub)),
  encode: (type, data) => nip19[`${type}Encode`](type === 'nsec' ? bytes(data) : data),
  decode: text => {
    const { type, data } = nip19.decode(text)
    return { type, data: type === 'nsec' ? hex(data) : data }
  },
  wrap: (secret, recipients, text, subject) =>
    nip17.wrapManyEvents(bytes(secret), recipients.map(publicKey => ({ publicKey })), text, subject),
  unwrap: (secret, event) => nip17.unwrapEvent(event, bytes(secret)),
  auth: (secret, relay, challenge) => finalizeEvent(nip42.makeAuthEvent(relay, challenge), bytes(secret)),
  match: (filter, event) => matchFilter(filter, event),
}

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...rest] = JSON.parse(line)
  let answer
  try {
    answer = { result: operations[name](...rest) }
  } catch (error) {
    answer = { error: String(error) }
  }
  console.log(JSON.stringify(answer))
}
