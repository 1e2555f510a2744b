import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A file with the headers that tell its age; 404 for what is not there. */
export function answerFile(path: string, request: IncomingMessage, response: ServerResponse): void {
  // A slash at the end of a file's name is no reason to fail.
  const file = path.replace(/\/+$/, '');
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    response.writeHead(404).end('not found\n');
    return;
  }
  const bytes = readFileSync(file);
  response.writeHead(200, {
    'content-length': bytes.length,
    'content-type': 'application/octet-stream',
    'last-modified': stats.mtime.toUTCString(),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
