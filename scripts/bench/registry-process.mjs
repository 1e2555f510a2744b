import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts the registry in a process of its own, on a free port of loopback. @param {string} dir where it keeps blobs */
export async function startRegistry(dir) {
  const child = fork(fileURLToPath(new URL('./registry.mjs', import.meta.url)), [dir]);
  const [{ port }] = await once(child, 'message');
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
