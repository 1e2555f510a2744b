import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOf } from './command.mjs';
import { note, QuickstartError, seconds } from './report.mjs';

const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 10_000;

/**
 * Runs the image's service, asks it for its health, and stops it as an orchestrator would.
 * @param {import('./slipway.mjs').Slipway} slipway
 * @param {string} image
 * @returns {Promise<{ readyMs: number, stopMs: number }>}
 */
export async function tryService(slipway, image) {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  note(`slipway run --rm ${image}, listening on ${address}`);
  const start = performance.now();
  const child = slipway.start([
    'run',
    '--rm',
    '--name',
    `quickstart-${process.pid}`,
    '-e',
    `HELLO_ADDR=${address}`,
    image,
  ]);
  const exited = exitOf(child);
  const output = collectOutput(child);
  try {
    const answer = await waitForHealth(`http://${address}/health`, exited, output);
    const readyMs = performance.now() - start;
    note(`GET /health   ${answer}   after ${seconds(readyMs)}`);
    note(`GET /         ${(await (await fetch(`http://${address}/`)).text()).trim()}`);
    return { readyMs, stopMs: await stop(child, exited, output) };
  } finally {
    child.kill('SIGKILL');
  }
}

async function waitForHealth(url, exited, output) {
  let outcome;
  exited.then((code) => {
    outcome = code;
  });
  for (const limit = performance.now() + START_LIMIT_MS; performance.now() < limit; await sleep(20)) {
    if (outcome !== undefined) throw failure(`the service ended with ${outcome} before it answered`, output);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
      if (response.ok) return (await response.text()).trim();
    } catch {
      // Not listening yet.
    }
  }
  throw failure(`the service did not answer on ${url} within ${START_LIMIT_MS / 1000} s`, output);
}

async function stop(child, exited, output) {
  const start = performance.now();
  child.kill('SIGTERM');
  const outcome = await Promise.race([exited, sleep(STOP_LIMIT_MS, 'nothing within 10 s', { ref: false })]);
  if (outcome !== 0) throw failure(`SIGTERM was answered with ${outcome} instead of exit code 0`, output);
  const stopMs = performance.now() - start;
  note(`SIGTERM       exit code 0 after ${seconds(stopMs)}`);
  for (const line of output().trimEnd().split('\n').slice(-2)) note(`  ${line}`);
  return stopMs;
}

/** @returns {() => string} all that the service has printed so far */
function collectOutput(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
  }
  return () => text;
}

function failure(message, output) {
  const printed = output().trim();
  return new QuickstartError(message, printed ? `it said:\n${printed}` : 'it said nothing');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
