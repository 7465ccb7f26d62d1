// The line protocol of README.md, for the peers that run in node.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

export const options = JSON.parse(process.argv[2] ?? '{}');

export function say(event) {
  process.stdout.write(JSON.stringify(event) + '\n');
}

export function pattern(size, seed) {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = ((seed * 31 + i * 7) % 26) + 97;
  return bytes;
}

export function sayMessage(label, isText, bytes) {
  const content = Buffer.from(bytes);
  say({ on: 'message', label, kind: isText ? 'text' : 'binary', size: content.length, sha256: createHash('sha256').update(content).digest('hex') });
}

// Commands run one after another; what one throws is told, and the next one runs.
export function serve(handlers) {
  let last = Promise.resolve();
  createInterface({ input: process.stdin }).on('line', (line) => {
    last = last.then(async () => {
      const command = JSON.parse(line);
      const handler = handlers[command.do];
      if (!handler) throw new Error(`unknown command ${command.do}`);
      await handler(command);
    }).catch((error) => say({ on: 'error', text: String(error?.message ?? error) }));
  }).on('close', () => process.exit(0));
  say({ on: 'ready' });
}
