import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SourceText } from '../diagnostics/source-text.ts';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import { type ShellCommand, wrappedCommand } from './shell-command.ts';
import { readShellCommands } from './shell-script.ts';
import { shellSource } from './shell-source.ts';

function commandsOf(text: string): readonly ShellCommand[] {
  const { instructions, source, escape: escapeToken } = parseDockerfile(`FROM a\nRUN ${text}`);
  const run = instructions[1];
  assert.ok(run?.kind === 'RUN');
  const shell = shellSource(run.command, new SourceText('Dockerfile', source), escapeToken);
  assert.ok(shell);
  return readShellCommands(shell);
}

/** Each command with what stands before it. */
function shown(text: string): readonly string[] {
  return commandsOf(text).map(({ before, assignments, name, args }) =>
    [before, ...assignments.map((word) => word.text), name, ...args.map((word) => word.text)].join(' '),
  );
}

describe('reads commands', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'apt-get update && apt-get install -y curl': ['start apt-get update', '&& apt-get install -y curl'],
    'a; b || c | d &': ['start a', '; b', '|| c', '| d'],
    'set -e; cd /x \\\n # note\n && ls "a b" \'c d\' e\\ f': ['start set -e', '; cd /x', '&& ls a b c d e f'],
    'A=1 B="x y" go build -o /app ./...': ['start A=1 B=x y go build -o /app ./...'],
    'X=$(git rev-parse HEAD) && echo "$X `date`"': [
      'start X=$(git rev-parse HEAD) ',
      'start git rev-parse HEAD',
      '&& echo $X `date`',
      'start date',
    ],
    'if [ -f a ]; then rm a; else b; fi': ['keyword [ -f a ]', 'keyword rm a', 'keyword b'],
    'for x in 1 2 3; do echo $x; done': ['keyword echo $x'],
    'case "$A" in amd64|x) make x;; *) exit 1;; esac && b': ['keyword make x', '; exit 1', '&& b'],
    '(cd a && make) > /dev/null 2>&1': ['( cd a', '&& make'],
    'cat <<EOF > /x && b\nnot a command\nEOF': ['start cat', '&& b'],
    '<<EOF\nset -e\n# note\nmake && make install\nEOF': ['start set -e', 'newline make', '&& make install'],
    'echo a > /b; echo $((1 + 2))': ['start echo a', '; echo $((1 + 2))'],
    '{ a; b; }': ['keyword a', '; b'],
    '! grep -q x y': ['keyword grep -q x y'],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), () => assert.deepEqual(shown(text), expected));
  }

  it('not of a document that has its own interpreter', () => {
    const { instructions, source } = parseDockerfile('FROM a\nRUN <<EOF\n#!/usr/bin/python\nprint(1)\nEOF');
    const run = instructions[1];
    assert.ok(run?.kind === 'RUN');
    assert.equal(shellSource(run.command, new SourceText('Dockerfile', source)), undefined);
  });
});

describe('knows where a word stands', () => {
  const cases = [
    'apt-get update \\\n && \\\n  # why\n  apt-get install curl',
    '<<EOF\ncurl x\nEOF',
    'a; (b && curl "x")',
  ];
  for (const text of cases) {
    it(JSON.stringify(text), () => {
      const source = `FROM a\nRUN ${text}`;
      const words = commandsOf(text).flatMap(({ nameWord, args }) => (nameWord ? [nameWord, ...args] : args));
      const curl = words.find((word) => word.text === 'curl');
      assert.equal(curl && source.slice(curl.start, curl.end), 'curl');
    });
  }
});

it('finds the command behind what wraps it', () => {
  const [command] = commandsOf('sudo -u app env A=1 /usr/bin/time -o t /usr/local/go/bin/go build');
  const { name, args, assignments } = wrappedCommand(command as ShellCommand);
  assert.deepEqual(
    [name, args.map(({ text }) => text), assignments.map(({ text }) => text)],
    ['go', ['build'], ['A=1']],
  );
});

it('never fails, whatever the text', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '"', "'", '$', '(', ')', '{', '}', '`', '\\', '\n', '<', ';', '|', 'case ', 'in '),
  });
  fc.assert(
    fc.property(text, (command) => {
      const offsets = Array.from({ length: command.length + 1 }, (_, index) => index);
      for (const { start, end } of readShellCommands({ text: command, offsets })) assert.ok(start <= end);
    }),
    { numRuns: 500 },
  );
});
