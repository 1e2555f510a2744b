/**
 * What cases find beside the builder: their directory over HTTP (`$HTTP`), its repositories over git's protocol (`$GIT`),
 * an ssh agent without keys (`$AGENT`). Addresses differ from run to run, so they are put in before a build and taken out
 * of what is read after it.
 */
import { rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { answerFile } from './answer-file.ts';
import { answerGit } from './answer-git.ts';

export interface Offers {
  /** Puts the addresses of a case into a text. */
  substitute(text: string, dir: string): string;
  /** The reverse. */
  restore(text: string, dir: string): string;
  close(): void;
}

/** Serves what lies below `workDir`. */
export async function openOffers(workDir: string): Promise<Offers> {
  const http = createHttpServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://offers').pathname);
    if (path.includes('/../')) response.writeHead(400).end();
    else if (path.includes('.git/')) answerGit(workDir, request, response);
    else answerFile(join(workDir, path), request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const agentPath = join(workDir, 'agent.sock');
  rmSync(agentPath, { force: true });
  const agent = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    // "No identities" is the answer to whatever is asked.
    socket.on('data', () => socket.write(Buffer.from([0, 0, 0, 5, 12, 0, 0, 0, 0])));
  });
  await new Promise<void>((resolve) => agent.listen(agentPath, resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const pairs = (dir: string): [string, string][] => [
    ['$GIT', `${origin}${dir.slice(workDir.length)}/git`],
    ['$HTTP', `${origin}${dir.slice(workDir.length)}`],
    ['$DIR', dir],
    ['$AGENT', agentPath],
  ];
  return {
    substitute: (text, dir) =>
      text.replace(/\$(?:GIT|HTTP|DIR|AGENT)\b/g, (name) => new Map(pairs(dir)).get(name) ?? name),
    restore: (text, dir) => pairs(dir).reduce((done, [name, value]) => done.replaceAll(value, name), text),
    close: () => {
      http.close();
      http.closeAllConnections();
      agent.close();
    },
  };
}
