// node-datachannel as one end of a figure: `node ndc_peer.mjs PATH-OF-THE-PACKAGE ADDRESS|any`.
// Commands, one a line: see Bowline.Bench.Load/Peers/PeerServe.cs, which speaks the same.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const [packageFolder, address] = process.argv.slice(2);
const library = createRequire(`${packageFolder}/package.json`)('node-datachannel');
const highWater = 1 << 20;
const lowWater = 256 << 10;
const say = (line) => process.stdout.write(`${line}\n`);
const encode = (text) => Buffer.from(text).toString('base64');
const decode = (text) => Buffer.from(text, 'base64').toString();

function connect(name) {
  return new library.PeerConnection(name, { iceServers: [], bindAddress: address === 'any' ? undefined : address, maxMessageSize: 262144, disableAutoNegotiation: true });
}

// The description with all addresses, once they are found.
function describe(connection, type) {
  return new Promise((resolve) => {
    connection.onGatheringStateChange((state) => state === 'complete' && resolve(connection.localDescription().sdp));
    connection.setLocalDescription(type);
  });
}

const opened = (channel) => new Promise((resolve) => (channel.isOpen() ? resolve() : channel.onOpen(resolve)));

async function sendAll(channel, count, size) {
  const message = Buffer.alloc(size, 97);
  channel.setBufferedAmountLowThreshold(lowWater);
  for (let i = 0; i < count; i++) {
    channel.sendMessageBinary(message);
    if (channel.bufferedAmount() > highWater) {
      await new Promise((resolve) => channel.onBufferedAmountLow(resolve));
    }
  }
}

const receiveAll = (channel, count) => new Promise((resolve) => {
  let got = 0;
  channel.onMessage(() => ++got === count && resolve());
});

let connection;
let channel;

function take(taken) {
  channel = taken;
  opened(channel).then(() => say('open'));
}

const commands = {
  async offer() {
    connection = connect('offerer');
    take(connection.createDataChannel('bench'));
    say(`offer ${encode(await describe(connection, 'offer'))}`);
  },
  async answer(sdp) {
    connection = connect('answerer');
    connection.onDataChannel(take);
    connection.setRemoteDescription(decode(sdp), 'offer');
    say(`answer ${encode(await describe(connection, 'answer'))}`);
  },
  accept(sdp) {
    connection.setRemoteDescription(decode(sdp), 'answer');
  },
  async expect(count) {
    const all = receiveAll(channel, Number(count));
    say('expecting');
    await all;
    say('got');
  },
  async send(count, size) {
    await sendAll(channel, Number(count), Number(size));
    say('sent');
  },
  echo() {
    channel.onMessage((message) => channel.sendMessageBinary(message));
    say('echoing');
  },
  async ping(count, size) {
    const message = Buffer.alloc(Number(size), 97);
    const times = [];
    let sent;
    await new Promise((resolve) => {
      const next = () => { sent = process.hrtime.bigint(); channel.sendMessageBinary(message); };
      channel.onMessage(() => {
        times.push(Number(process.hrtime.bigint() - sent) / 1000);
        if (times.length === Number(count)) resolve(); else next();
      });
      next();
    });
    times.sort((a, b) => a - b);
    say(`times ${times[times.length >> 1]} ${times[Math.floor(times.length * 0.99)]}`);
  },
  close() {
    connection.close();
    say('closed');
  },
  async load(count) {
    commands.pairs = await Promise.all(Array.from({ length: Number(count) }, (_, i) => pair(i)));
    say('loaded');
  },
  async bulk(count, size) {
    await Promise.all(commands.pairs.map(({ left, right }) => Promise.all([receiveAll(right, Number(count)), sendAll(left, Number(count), Number(size))])));
    say('moved');
  },
};

async function pair(i) {
  const [a, b] = [connect(`a${i}`), connect(`b${i}`)];
  const left = a.createDataChannel('bench');
  const right = new Promise((resolve) => b.onDataChannel(resolve));
  b.setRemoteDescription(await describe(a, 'offer'), 'offer');
  a.setRemoteDescription(await describe(b, 'answer'), 'answer');
  await opened(left);
  return { a, b, left, right: await right };
}

say('ready peer');
createInterface({ input: process.stdin }).on('line', async (line) => {
  const [verb, ...rest] = line.split(' ');
  await commands[verb](...rest);
}).on('close', () => process.exit(0));
