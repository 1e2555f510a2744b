import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { QuickstartError } from './report.mjs';

/**
 * Runs a command with its output on the terminal, and returns how long it took in milliseconds.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, hint: string }} options `hint`: what to do when it fails
 * @returns {Promise<number>}
 * @throws {QuickstartError} when it does not exit with 0
 */
export async function runCommand(file, args, { cwd, env, hint }) {
  const start = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const outcome = await exitOf(child);
  if (outcome !== 0) throw new QuickstartError(`"${commandLine(file, args)}" ended with ${outcome}`, hint);
  return performance.now() - start;
}

/**
 * What a command prints, or undefined when it fails.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function captureCommand(file, args, options = {}) {
  const { status, stdout } = spawnSync(file, args, { ...options, encoding: 'utf8', maxBuffer: 64 << 20 });
  return status === 0 ? stdout : undefined;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | string>} the exit code, or a text: the signal, or why it did not start
 */
export function exitOf(child) {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? `signal ${signal}`));
  });
}

/** Whether a command is installed, in the folders of root's commands too. @param {string} name */
export function hasCommand(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function commandLine(file, args) {
  const name = file === process.execPath ? 'node' : file;
  return [name, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}
