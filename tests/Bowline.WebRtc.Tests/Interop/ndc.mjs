// One connection of libdatachannel.
import nodeDataChannel from 'node-datachannel';
import { options, pattern, say, sayMessage, serve } from './common.mjs';

const channels = new Map();
const early = [];
let hasRemote = false;
const connection = new nodeDataChannel.PeerConnection('ndc', {
  iceServers: (options.iceServers ?? []).map((server) => server.username
    ? { hostname: server.urls.split(':')[1], port: Number(server.urls.split(':')[2].split('?')[0]), username: server.username, password: server.credential, relayType: server.urls.includes('tcp') ? 'TurnTcp' : 'TurnUdp' }
    : server.urls),
  iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
  bindAddress: options.loopback ? '127.0.0.1' : undefined,
  maxMessageSize: 262144,
  disableAutoNegotiation: true,
});
connection.onLocalDescription((sdp, type) => say({ on: 'description', type: type.toLowerCase(), sdp }));
connection.onLocalCandidate((candidate, mid) => say({ on: 'candidate', candidate: { candidate: candidate.replace(/^a=/, ''), sdpMid: mid, sdpMLineIndex: 0 } }));
connection.onGatheringStateChange((state) => state === 'complete' && say({ on: 'candidate', candidate: { candidate: '', sdpMid: '0', sdpMLineIndex: 0 } }));
connection.onStateChange((value) => say({ on: 'state', value }));
connection.onDataChannel((channel) => {
  say({ on: 'channel', label: channel.getLabel(), protocol: channel.getProtocol(), id: channel.getId() });
  take(channel);
});

function take(channel) {
  const label = channel.getLabel();
  channels.set(label, channel);
  const opened = () => say({ on: 'open', label });
  channel.onOpen(opened);
  if (channel.isOpen()) opened();
  channel.onClosed(() => say({ on: 'closed', label }));
  channel.onMessage((message) => {
    const isText = typeof message === 'string';
    sayMessage(label, isText, message);
    if (options.echo) send(label, isText, message);
  });
}

function send(label, isText, content) {
  const channel = channels.get(label);
  if (isText) channel.sendMessage(String(content));
  else channel.sendMessageBinary(Buffer.from(content));
}

serve({
  offer: () => connection.setLocalDescription('offer'),
  accept: ({ type, sdp }) => {
    connection.setRemoteDescription(sdp, type === 'offer' ? 'Offer' : 'Answer');
    hasRemote = true;
    if (type === 'offer') connection.setLocalDescription('answer');
    for (const candidate of early.splice(0)) connection.addRemoteCandidate(candidate.candidate, candidate.sdpMid ?? '0');
  },
  candidate: ({ candidate }) => {
    if (!candidate.candidate) return;
    if (hasRemote) connection.addRemoteCandidate(candidate.candidate, candidate.sdpMid ?? '0');
    else early.push(candidate);
  },
  channel: ({ label, ordered = true, maxRetransmits, maxPacketLifeTime }) => take(connection.createDataChannel(label, { unordered: !ordered, maxRetransmits: maxRetransmits ?? undefined, maxPacketLifeTime: maxPacketLifeTime ?? undefined })),
  send: ({ label, text, base64 }) => send(label, text !== undefined, text ?? Buffer.from(base64, 'base64')),
  sendPattern: ({ label, size, kind, seed }) => send(label, kind === 'text', kind === 'text' ? pattern(size, seed).toString('latin1') : pattern(size, seed)),
  closeChannel: ({ label }) => channels.get(label).close(),
  close: () => { connection.close(); setTimeout(() => process.exit(0), 200); },
});
