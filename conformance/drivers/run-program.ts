import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { BuildReply } from './driver.ts';

const TIMEOUT_MS = 120_000;

export interface RunProgramOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Path of what it reads; nothing unless told. */
  readonly stdin?: string | undefined;
}

/** Runs a builder to its end, or for two minutes. */
export function runProgram(argv: readonly string[], options: RunProgramOptions): Promise<BuildReply> {
  const input = openSync(options.stdin ?? '/dev/null', 'r');
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [input, 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
    });
    const chunks: Buffer[] = [];
    const results: Buffer[] = [];
    child.stdout?.on('data', (chunk) => {
      results.push(chunk);
      chunks.push(chunk);
    });
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      closeSync(input);
      const [stdout, output] = [results, chunks].map((parts) => Buffer.concat(parts).toString()) as [string, string];
      resolve({ succeeded: code === 0, stdout, output });
    });
  });
}
