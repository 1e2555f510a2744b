import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { PeakMemory } from './memory.mjs';

/**
 * @typedef {import('./builders.mjs').Call} Call
 * @typedef {object} Participant a builder in a case, or something that it is compared with
 * @property {string} name
 * @property {() => void | Promise<void>} [setUp] once, before the first run
 * @property {(run: number) => void | Promise<void>} [prepare] before each run, untimed
 * @property {(run: number) => Call} call what is measured
 * @property {{ processes: RegExp, hasDaemon: boolean }} [memory]
 * @typedef {{ name: string, title: string, unit: 's' | 'MB', runs?: number, warmUp?: boolean, goals?: readonly Goal[],
 *   participants: readonly Participant[] }} Case
 * @typedef {{ against: string, ratio?: number, difference?: number, absolute?: number }} Goal
 */

/** Runs a case: every participant once a round, each round beginning with another one. @param {Case} each */
export async function measureCase(each, { runs, log }) {
  const values = new Map(each.participants.map(({ name }) => [name, []]));
  const failures = {};
  const rounds = Math.max(1, Math.min(runs, each.runs ?? runs)) * (each.repeat ?? 1);
  const attempt = async (participant, work) => {
    if (failures[participant.name]) return;
    try {
      await work();
    } catch (error) {
      failures[participant.name] = error.message;
      log(`  ${participant.name}: ${error.message}`);
    }
  };
  for (const participant of each.participants) await attempt(participant, async () => participant.setUp?.());
  for (let round = each.warmUp === false ? 0 : -1; round < rounds; round++) {
    for (const participant of rotated(each.participants, Math.max(round, 0))) {
      await attempt(participant, async () => {
        await participant.prepare?.(round);
        const value = await measured(participant, round, each.unit);
        if (round >= 0) values.get(participant.name).push(value);
      });
    }
  }
  for (const participant of each.participants) await attempt(participant, async () => participant.tearDown?.());
  return summarize(each, values, failures);
}

async function measured(participant, round, unit) {
  const call = participant.call(round);
  if (unit === 's') return timed(call);
  const peak = new PeakMemory(participant.memory);
  await timed(call, (pid) => peak.start(pid));
  return peak.stop();
}

/** Seconds that a call takes. @param {Call} call @param {(pid: number) => void} [onStart] @throws when it fails */
export function timed({ command, env, cwd }, onStart) {
  const [file, ...args] = command;
  mkdirSync('/tmp', { recursive: true });
  const logFile = `/tmp/slipway-bench-${process.pid}.log`;
  const output = openSync(logFile, 'w');
  const start = performance.now();
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
  closeSync(output);
  if (child.pid !== undefined) onStart?.(child.pid);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - start) / 1000;
      const said = readFileSync(logFile, 'utf8').trim().slice(-400);
      rmSync(logFile, { force: true });
      if (code === 0) resolve(seconds);
      else reject(new Error(`"${command.slice(-8).join(' ')}" ended with ${code}: ${said}`));
    });
  });
}

function rotated(list, by) {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}

function summarize({ name, title, unit, goals = [] }, values, failures) {
  const participants = [...values].map(([participant, all]) => ({
    name: participant,
    ...(failures[participant] ? { failure: failures[participant] } : {}),
    ...statistics(all),
    values: all,
  }));
  return { name, title, unit, participants, goals: goals.map((goal) => judged(goal, participants)) };
}

/** @param {readonly number[]} values */
export function statistics(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** What became of a goal: always about the first participant, which is Slipway. */
function judged(goal, participants) {
  const own = participants[0]?.median;
  const other = participants.find(({ name }) => name === goal.against)?.median;
  if (own === undefined) return { ...goal, isMet: undefined };
  if (goal.absolute !== undefined) return { ...goal, value: own, isMet: own <= goal.absolute };
  if (other === undefined) return { ...goal, isMet: undefined };
  if (goal.difference !== undefined) return { ...goal, value: own - other, isMet: own - other <= goal.difference };
  return { ...goal, value: own / other, isMet: own / other <= goal.ratio };
}
