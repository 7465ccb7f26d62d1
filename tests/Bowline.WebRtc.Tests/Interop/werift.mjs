// One connection of werift.
import { RTCPeerConnection } from 'werift';
import { options, pattern, say, sayMessage, serve } from './common.mjs';

const channels = new Map();
const early = [];
const connection = new RTCPeerConnection({
  iceServers: options.iceServers ?? [],
  iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
  iceAdditionalHostAddresses: options.loopback ? ['127.0.0.1'] : undefined,
});
// At a restart werift begins no checks of its own, and forgets those that come before it has the answer:
// whoever checks first would wait for it for ever. So its addresses are told when it has the answer.
let held;
const tell = (candidate) => held ? held.push(candidate) : say({ on: 'candidate', candidate });
connection.onIceCandidate.subscribe((candidate) => tell(candidate ? candidate.toJSON() : { candidate: '', sdpMid: '0', sdpMLineIndex: 0 }));
connection.connectionStateChange.subscribe((value) => say({ on: 'state', value }));
connection.onDataChannel.subscribe((channel) => {
  say({ on: 'channel', label: channel.label, ordered: channel.ordered, maxRetransmits: channel.maxRetransmits ?? null, protocol: channel.protocol, id: channel.id });
  take(channel);
});

function take(channel) {
  channels.set(channel.label, channel);
  const opened = () => say({ on: 'open', label: channel.label });
  if (channel.readyState === 'open') opened();
  channel.stateChanged.subscribe((state) => {
    if (state === 'open') opened();
    if (state === 'closed') say({ on: 'closed', label: channel.label });
  });
  channel.onMessage.subscribe((message) => {
    const isText = typeof message === 'string';
    sayMessage(channel.label, isText, message);
    if (options.echo) channel.send(message);
  });
}

async function describe(description) {
  await connection.setLocalDescription(description);
  const sdp = connection.localDescription.sdp;
  say({ on: 'description', type: description.type, sdp: held ? sdp.replace(/a=(candidate:.*|end-of-candidates)\r\n/g, '') : sdp });
}

async function accept(type, sdp) {
  await connection.setRemoteDescription({ type, sdp });
  if (type === 'offer') await describe(await connection.createAnswer());
  for (const candidate of early.splice(0)) await connection.addIceCandidate(candidate);
  const told = held ?? [];
  held = undefined;
  told.forEach(tell);
}

serve({
  offer: async () => describe(await connection.createOffer()),
  restart: async () => { held = []; connection.restartIce(); await describe(await connection.createOffer({ iceRestart: true })); },
  accept: ({ type, sdp }) => accept(type, sdp),
  candidate: async ({ candidate }) => {
    if (!candidate.candidate) return;
    if (connection.remoteDescription) await connection.addIceCandidate(candidate);
    else early.push(candidate);
  },
  channel: ({ label, ordered = true, maxRetransmits, maxPacketLifeTime }) => take(connection.createDataChannel(label, { ordered, maxRetransmits: maxRetransmits ?? undefined, maxPacketLifeTime: maxPacketLifeTime ?? undefined })),
  send: ({ label, text, base64 }) => channels.get(label).send(text ?? Buffer.from(base64, 'base64')),
  sendPattern: ({ label, size, kind, seed }) => channels.get(label).send(kind === 'text' ? pattern(size, seed).toString('latin1') : pattern(size, seed)),
  closeChannel: ({ label }) => channels.get(label).close(),
  close: async () => { await connection.close(); setTimeout(() => process.exit(0), 200); },
});
