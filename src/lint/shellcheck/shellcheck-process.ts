import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { CheckedScript, ShellChecker, ShellRemark } from './shell-checker.ts';

const TIMEOUT_MS = 20_000;
const MOST_OUTPUT = 64 * 1024 * 1024;
/** Of the script as a file: no interpreter line, files that are sourced, variables of the base image, local in sh. */
const UNWANTED = ['SC2148', 'SC1090', 'SC1091', 'SC2154', 'SC3043'];

/** One run of the program `shellcheck` for all scripts that have the same shell. */
export class ShellcheckProcess implements ShellChecker {
  readonly #program: string;

  constructor(program = 'shellcheck') {
    this.#program = program;
  }

  /** What cannot be asked (the program crashed, or took too long) is no finding. */
  check(scripts: readonly CheckedScript[]): readonly ShellRemark[] {
    if (scripts.length === 0) return [];
    const dir = mkdtempSync(join(tmpdir(), 'slipway-shellcheck-'));
    try {
      const shells = [...new Set(scripts.map(({ shell }) => shell))];
      return shells.flatMap((shell) => this.#run(shell, scripts, dir));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }

  #run(shell: string, scripts: readonly CheckedScript[], dir: string): readonly ShellRemark[] {
    const files = scripts.flatMap((script, index) => {
      if (script.shell !== shell) return [];
      const path = join(dir, `${index}.sh`);
      writeFileSync(path, `${preamble(script)}\n${script.source.text}`);
      return [path];
    });
    const args = ['--norc', '-f', 'json1', '-s', shell, '-e', UNWANTED.join(','), '--', ...files];
    const { stdout } = spawnSync(this.#program, args, {
      timeout: TIMEOUT_MS,
      maxBuffer: MOST_OUTPUT,
      encoding: 'utf8',
    });
    return parseRemarks(stdout ?? '', scripts);
  }
}

/** On a line of its own, so that places are the script's but for that line. */
function preamble({ variables }: CheckedScript): string {
  const names = variables.filter((name) => /^[A-Za-z_]\w*$/.test(name));
  return names.length === 0 ? ':' : `export ${names.map((name) => `${name}=1`).join(' ')}`;
}

interface RawPlace {
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
}

interface RawComment extends RawPlace {
  readonly file: string;
  readonly level: ShellRemark['level'];
  readonly code: number;
  readonly message: string;
  readonly fix: { readonly replacements: readonly (RawPlace & { readonly replacement: string })[] } | null;
}

function parseRemarks(output: string, scripts: readonly CheckedScript[]): readonly ShellRemark[] {
  const comments = output.trim() === '' ? [] : (JSON.parse(output) as { comments: readonly RawComment[] }).comments;
  return comments.flatMap(({ file, level, code, message, fix, ...place }) => {
    const script = Number.parseInt(basename(file), 10);
    const text = scripts[script]?.source.text;
    if (text === undefined || place.line < 2) return [];
    const replacements = (fix?.replacements ?? []).map((raw) => ({ ...offsets(text, raw), text: raw.replacement }));
    return [{ script, code, level, message, ...offsets(text, place), replacements }];
  });
}

function offsets(text: string, place: RawPlace): { readonly start: number; readonly end: number } {
  const start = offsetAt(text, place.line - 1, place.column);
  return { start, end: Math.max(start, offsetAt(text, place.endLine - 1, place.endColumn)) };
}

/** Columns count characters, not UTF-16 code units. */
function offsetAt(text: string, line: number, column: number): number {
  let at = 0;
  for (let number = 1; number < line; number++) at = text.indexOf('\n', at) + 1;
  const before = [...text.slice(at, at + 2 * column)].slice(0, column - 1).join('');
  return at + before.length;
}
