'use strict';

const byId = (id) => document.getElementById(id);
const connection = new RTCPeerConnection();
const chat = connection.createDataChannel('chat');
// A ping that is lost is not worth a repetition: the next one comes in a second.
const ping = connection.createDataChannel('ping', { ordered: false, maxRetransmits: 0 });

function show(state, text) {
  byId('state').dataset.state = state;
  byId('state').textContent = text ?? state;
  byId('text').disabled = byId('send').disabled = state !== 'connected';
}

function add(kind, text) {
  const line = document.createElement('li');
  line.className = kind;
  line.textContent = text;
  byId('lines').append(line);
  line.scrollIntoView({ block: 'end' });
}

async function connect() {
  await connection.setLocalDescription();
  if (connection.iceGatheringState !== 'complete') {
    await new Promise((done) => {
      connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && done();
    });
  }

  const response = await fetch('/offer', {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: connection.localDescription.sdp,
  });
  if (!response.ok) {
    throw new Error((await response.json()).detail ?? response.statusText);
  }

  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
}

chat.onopen = () => { show('connected'); byId('text').focus(); };
chat.onmessage = (e) => add('echo', e.data);
chat.onclose = () => show('closed', 'closed; reload to connect again');
ping.onmessage = (e) => { byId('rtt').textContent = `${(performance.now() - Number(e.data)).toFixed(1)} ms`; };
ping.onopen = () => {
  ping.send(performance.now());
  setInterval(() => ping.readyState === 'open' && ping.send(performance.now()), 1000);
};
connection.onconnectionstatechange = () => {
  if (connection.connectionState === 'failed') {
    show('failed', 'failed; reload to connect again');
  }
};

byId('form').onsubmit = (e) => {
  e.preventDefault();
  const text = byId('text').value.trim();
  if (text && chat.readyState === 'open') {
    add('own', text);
    chat.send(text);
    byId('text').value = '';
  }
};

window.onpagehide = () => connection.close();
connect().catch((e) => show('failed', e.message));
