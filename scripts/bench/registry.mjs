/**
 * A registry of the distribution specification, as small as builders let it be: blobs and manifests as files, no
 * authentication, no deletion. Every byte that comes in is hashed, as a real one does. Runs until its parent disconnects.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const dir = process.argv[2];
const uploads = new Map();
for (const folder of ['blobs', 'uploads', 'manifests']) mkdirSync(join(dir, folder), { recursive: true });

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  answer(request, response).catch((error) => {
    response.writeHead(500).end(String(error));
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));

async function answer(request, response) {
  const url = new URL(request.url, 'http://registry');
  const [, repository, kind, rest] = /^\/v2\/(.+?)\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
  if (!repository) return response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0' }).end('{}');
  if (kind === 'manifests') return manifests(request, response, { repository, reference: rest });
  if (rest.startsWith('uploads/')) return upload(request, response, { repository, id: rest.slice(8), url });
  return sendBlob(request, response, rest);
}

async function manifests(request, response, { repository, reference }) {
  const path = (name) => join(dir, 'manifests', encodeURIComponent(`${repository}@${name}`));
  if (request.method === 'PUT') {
    const bytes = Buffer.concat(await collect(request));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    for (const name of [reference, digest]) {
      writeFileSync(path(name), bytes);
      writeFileSync(`${path(name)}.type`, request.headers['content-type'] ?? '');
    }
    return response
      .writeHead(201, { 'docker-content-digest': digest, location: `/v2/${repository}/manifests/${digest}` })
      .end();
  }
  if (!existsSync(path(reference))) return response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
  const bytes = readFileSync(path(reference));
  response.writeHead(200, {
    'content-type': readFileSync(`${path(reference)}.type`, 'utf8'),
    'content-length': bytes.length,
    'docker-content-digest': `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  });
  return response.end(request.method === 'HEAD' ? undefined : bytes);
}

async function upload(request, response, { repository, id, url }) {
  if (request.method === 'POST' && !url.searchParams.has('digest')) {
    const name = randomUUID();
    uploads.set(name, { hash: createHash('sha256'), size: 0 });
    return response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/${name}`, range: '0-0' }).end();
  }
  const key = id || randomUUID();
  const state = uploads.get(key) ?? { hash: createHash('sha256'), size: 0 };
  const path = join(dir, 'uploads', key);
  await pipeline(
    request,
    async function* hashed(source) {
      for await (const chunk of source) {
        state.hash.update(chunk);
        state.size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path, { flags: 'a', highWaterMark: 1 << 20 }),
  );
  if (request.method === 'PATCH') {
    return response
      .writeHead(202, { location: `/v2/${repository}/blobs/uploads/${key}`, range: `0-${state.size - 1}` })
      .end();
  }
  uploads.delete(key);
  const digest = `sha256:${state.hash.digest('hex')}`;
  if (digest !== url.searchParams.get('digest'))
    return response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}');
  renameSync(path, join(dir, 'blobs', digest));
  return response
    .writeHead(201, { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest })
    .end();
}

async function sendBlob(request, response, digest) {
  const path = join(dir, 'blobs', digest);
  if (!/^sha256:[0-9a-f]{64}$/.test(digest) || !existsSync(path)) {
    return response.writeHead(404).end('{"errors":[{"code":"BLOB_UNKNOWN"}]}');
  }
  const headers = {
    'content-length': statSync(path).size,
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
  };
  response.writeHead(200, headers);
  if (request.method === 'HEAD') return response.end();
  return pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), response);
}

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}
