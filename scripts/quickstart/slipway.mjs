import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { captureCommand, runCommand } from './command.mjs';

/** The checkout's slipway with a store of its own, so that it disturbs no other. */
export class Slipway {
  #command;
  #env;

  /** @param {{ checkout: string, store: string }} options folders */
  constructor({ checkout, store }) {
    this.#command = join(checkout, 'bin/slipway.js');
    this.#env = { ...process.env, SLIPWAY_ROOT: store };
  }

  /** How a user calls it in this store. */
  get commandLine() {
    return `SLIPWAY_ROOT=${this.#env.SLIPWAY_ROOT} node bin/slipway.js`;
  }

  /**
   * Runs a subcommand with its output on the terminal; returns milliseconds.
   * @param {readonly string[]} args
   * @param {string} hint what to do when it fails
   */
  run(args, hint) {
    return runCommand(process.execPath, [this.#command, ...args], { env: this.#env, hint });
  }

  /** Starts a subcommand whose output the caller reads. @param {readonly string[]} args */
  start(args) {
    return spawn(process.execPath, [this.#command, ...args], { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /**
   * What the store knows of an image; undefined when it has none of this name.
   * @param {string} image
   */
  inspect(image) {
    const output = captureCommand(process.execPath, [this.#command, 'inspect', '--format', 'json', image], {
      env: this.#env,
    });
    if (output === undefined) return undefined;
    const found = JSON.parse(output);
    return Array.isArray(found) ? found[0] : found;
  }
}
