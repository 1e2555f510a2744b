import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEdits } from '../fix/apply-edits.ts';
import { DEFAULT_SETTINGS, lint } from '../lint.ts';
import { findShellcheck } from './find-shellcheck.ts';
import type { CheckedScript } from './shell-checker.ts';
import { ShellcheckProcess } from './shellcheck-process.ts';

const program = findShellcheck(process.env);
const skip = program === undefined ? 'shellcheck is not installed' : false;

async function remarks(source: string, strict = false): Promise<readonly string[]> {
  const shellChecker = new ShellcheckProcess(program);
  const { findings } = await lint({
    file: 'Dockerfile',
    source,
    shellChecker,
    settings: { ...DEFAULT_SETTINGS, strict },
  });
  return findings
    .filter(({ code }) => code.startsWith('SC'))
    .map(({ code, range: { start, end } }) => `${start.line}:${start.column}-${end.line}:${end.column} ${code}`);
}

describe('shellcheck', { skip }, () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN echo $(date)': ['2:10-2:17 SC2046'],
    'ARG A\nRUN echo $A': ['3:10-3:12 SC2086'],
    'RUN true && \\\n    # why\n    rm -rf $(pwd)': ['4:12-4:18 SC2046'],
    'RUN <<EOF\nset -e\nrm -r $1\nEOF': ['4:7-4:9 SC2086'],
    'RUN [ "$0" == "b" ]': ['2:12-2:14 SC3014'],
    'SHELL ["/bin/bash", "-c"]\nRUN [ "$0" == "b" ]': [],
    'SHELL ["powershell"]\nRUN echo $(date)': [],
    'RUN ["echo", "$(date)"]': [],
    'RUN echo "ü" $(date)': ['2:14-2:21 SC2046'],
    '# hadolint ignore=SC2046\nRUN echo $(date)': [],
    '# slipway ignore=SC2046 one word\nRUN echo $(date)': [],
    'RUN <<EOF\n#!/usr/bin/python3\nprint(1)\nEOF': [],
    'RUN . /etc/os-release && echo "$VERSION"': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await remarks(`FROM a\n${text}\n`), expected));
  }

  it('offers what shellcheck would write', async () => {
    const source = 'FROM a\nARG A\nRUN ls && \\\n  cat $A\n';
    const { findings } = await lint({ file: 'Dockerfile', source, shellChecker: new ShellcheckProcess(program) });
    const fix = findings.find(({ code }) => code === 'SC2086')?.fix;
    assert.equal(fix?.safety, 'suggested');
    assert.equal(applyEdits(source, fix.edits), 'FROM a\nARG A\nRUN ls && \\\n  cat "$A"\n');
  });
});

it('says nothing where the program cannot be run', () => {
  const text = 'echo $(date)';
  const offsets = Array.from({ length: text.length + 1 }, (_, index) => index);
  const scripts: readonly CheckedScript[] = [{ shell: 'sh', source: { text, offsets }, variables: [] }];
  assert.deepEqual(new ShellcheckProcess('/nowhere/shellcheck').check(scripts), []);
});
