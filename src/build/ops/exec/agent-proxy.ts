import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chownIfPossible } from './private-file.ts';
import type { AgentSocket } from './ssh-mount.ts';

export interface ProxyOptions {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * A socket with the owner and mode that a step asked for, in front of an agent's: the user's own agent lets nobody else in,
 * and its socket is not ours to change. Open until disposed.
 */
export async function proxyAgent(agentPath: string, { mode, uid, gid }: ProxyOptions): Promise<AgentSocket> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-ssh-'));
  const path = join(dir, 'proxy.sock');
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const agent = connect(agentPath);
    connectBoth(client, agent, open);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chownIfPossible(path, uid, gid);
  chmodSync(path, mode);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Whatever ends one side ends the other. */
function connectBoth(client: Socket, agent: Socket, open: Set<Socket>): void {
  for (const [from, to] of [
    [client, agent],
    [agent, client],
  ] as const) {
    open.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
