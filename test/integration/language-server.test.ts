import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node.js';
import { SLIPWAY } from './rig.ts';

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly { readonly code: string; readonly range: object }[];
}

const DOCKERFILE = `ARG GO=1.26
FROM golang:$GO AS build
ARG VERSION=dev
ADD main.go /src/
RUN apt-get update && apt-get install -y curl
FROM scratch
COPY --from=build /src/main.go /
`;

describe('slipway lsp, asked by a client library', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-lsp-'));
  const uri = pathToFileURL(join(dir, 'Dockerfile')).href;
  let server: ChildProcessWithoutNullStreams;
  let client: MessageConnection;
  const published: Published[] = [];

  before(async () => {
    writeFileSync(join(dir, 'main.go'), 'package main\n');
    server = spawn(process.execPath, [SLIPWAY, 'lsp', '--stdio'], { cwd: dir });
    client = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    client.onNotification('textDocument/publishDiagnostics', (message: Published) => void published.push(message));
    client.listen();
    await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    await client.sendNotification('initialized', {});
    await client.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'dockerfile', version: 1, text: DOCKERFILE },
    });
    await findings((codes) => codes.includes('add-instead-of-copy'));
  });

  after(async () => {
    await client.sendRequest('shutdown');
    const ended = once(server, 'exit');
    await client.sendNotification('exit');
    assert.deepEqual(await ended, [0, null]);
    client.dispose();
    rmSync(dir, { recursive: true, force: true });
  });

  async function findings(isThere: (codes: readonly string[]) => boolean): Promise<readonly string[]> {
    for (let waitedMs = 0; ; waitedMs += 20) {
      const codes = published.at(-1)?.diagnostics.map(({ code }) => code);
      if (codes && isThere(codes)) return codes;
      assert.ok(waitedMs < 30_000, `these are the findings: ${codes?.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const labels = async (line: number, character: number): Promise<readonly string[]> => {
    const items = await client.sendRequest<readonly { readonly label: string }[]>('textDocument/completion', {
      textDocument: { uri },
      position: { line, character },
    });
    return items.map(({ label }) => label);
  };

  const hover = async (line: number, character: number): Promise<string | undefined> => {
    const answer = await client.sendRequest<{ readonly contents: { readonly value: string } } | null>(
      'textDocument/hover',
      { textDocument: { uri }, position: { line, character } },
    );
    return answer?.contents.value;
  };

  it('completes instructions, flags, stages and variables', async () => {
    assert.ok((await labels(7, 0)).includes('HEALTHCHECK'));
    assert.ok((await labels(6, 7)).includes('--chown='));
    assert.deepEqual(await labels(6, 12), ['build']);
  });

  it('says what a word means', async () => {
    assert.match((await hover(3, 1)) ?? '', /unpacks archives/);
    assert.match((await hover(6, 13)) ?? '', /Stage build, line 2/);
    assert.equal(await hover(99, 0), undefined);
  });

  it('offers quick fixes, and one action for all that is safe', async () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 3 } };
    const actions = await client.sendRequest<
      readonly { readonly title: string; readonly kind: string; readonly edit: object }[]
    >('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [] } });
    const quick = actions.find(({ title }) => title === 'Write COPY');
    assert.deepEqual(quick?.edit, { changes: { [uri]: [{ range, newText: 'COPY' }] } });
    assert.ok(actions.some(({ kind }) => kind === 'source.fixAll'));
  });

  it('follows what is typed, also while it is no Dockerfile', async () => {
    await client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: `${DOCKERFILE}NONSENSE x\n` }],
    });
    await findings((codes) => codes.includes('DOCKERFILE_UNKNOWN_INSTRUCTION'));
    assert.deepEqual(await labels(6, 12), ['build']);
    await client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 3 },
      contentChanges: [{ text: 'FROM scratch\nENV A=1\nENV B=$\n' }],
    });
    await findings((codes) => !codes.includes('DOCKERFILE_UNKNOWN_INSTRUCTION'));
    assert.deepEqual(await labels(2, 7), ['A']);
  });
});
