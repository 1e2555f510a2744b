import type { ExtraHost, Ulimit } from '../../build/build-options.ts';
import { usageError } from './csv-fields.ts';

/** `K=V`, or `K` whose value the environment has; undefined (nothing is passed) when it has none, as docker does. */
export function parseAssignment(
  flag: string,
  value: string,
  env: NodeJS.ProcessEnv,
): readonly [string, string] | undefined {
  const equals = value.indexOf('=');
  if (equals === 0 || value === '')
    throw usageError(`${flag} ${JSON.stringify(value)} has no name.`, `Write ${flag} NAME=VALUE.`);
  if (equals > 0) return [value.slice(0, equals), value.slice(equals + 1)];
  const inherited = env[value];
  return inherited === undefined ? undefined : [value, inherited];
}

/** `name:address` or `name=address`; `host-gateway` is this machine's loopback, since steps share its network. */
export function parseAddHost(value: string): ExtraHost {
  const [, name, address] = /^([^:=\s]+)[:=](.+)$/.exec(value) ?? [];
  if (!name || !address) throw usageError(`--add-host ${JSON.stringify(value)} is not NAME:ADDRESS.`);
  const plain = address.replace(/^\[(.*)\]$/, '$1');
  return { name, address: plain === 'host-gateway' ? '127.0.0.1' : plain };
}

const SIZE_UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** docker's sizes: `64m`, `1g`, `512kb`; powers of 1024. */
export function parseSizeFlag(flag: string, value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(value.trim()) ?? [];
  const factor = SIZE_UNITS[unit.toLowerCase()];
  if (number === undefined || factor === undefined)
    throw usageError(`${flag} ${JSON.stringify(value)} is no size.`, 'Write it as 64m or 1g.');
  return Math.floor(Number(number) * factor);
}

/** `nofile=1024:4096` or `nofile=1024`; -1 is unlimited. */
export function parseUlimit(value: string): Ulimit {
  const [, name, soft, hard] = /^([a-z]+)=(-?\d+)(?::(-?\d+))?$/.exec(value) ?? [];
  if (!name || soft === undefined) throw usageError(`--ulimit ${JSON.stringify(value)} is not NAME=SOFT[:HARD].`);
  return { name, soft: Number(soft), hard: Number(hard ?? soft) };
}
