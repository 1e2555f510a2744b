import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { KnownError } from '../diagnostics/known-error.ts';
import { detectSyntax } from './detect-syntax.ts';
import { parseDockerfile, parseInstruction } from './dockerfile.ts';
import { parseHeredocWord } from './heredoc.ts';

describe('parseDockerfile', () => {
  test('throws nothing but KnownError, with a place, for any text', () => {
    const atoms = [
      'FROM a',
      'RUN',
      'COPY',
      'ENV',
      'ONBUILD',
      'HEALTHCHECK',
      'CMD',
      '\n',
      '\n',
      '\r\n',
      ' ',
      '\\',
      '\\\n',
      '`',
    ];
    const more = [
      '"',
      "'",
      '<<E',
      '<<-E',
      '\nE\n',
      '[',
      ']',
      '"a"',
      ',',
      '--',
      '--mount=',
      '=',
      '#',
      '# escape=`',
      '\t',
      '\0',
      '\ufeff',
      '😀',
      '${',
    ];
    const text = fc.oneof(
      fc.array(fc.constantFrom(...atoms, ...more)).map((parts) => parts.join('')),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (body, hasStage) => {
        try {
          parseDockerfile(hasStage ? `FROM scratch\n${body}` : body);
        } catch (error) {
          assert.ok(error instanceof KnownError && error.range && error.source !== undefined, String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });

  // What grows faster than its text would take hours.
  test('reads a megabyte of anything and does not hang', { timeout: 180_000 }, () => {
    const bodies = [
      'RUN echo hello\n'.repeat(70_000),
      `RUN ${'a && \\\n  '.repeat(120_000)}b\n`,
      `ENV ${'a="b c" \\\n'.repeat(100_000)}z=1\n`,
      `RUN <<E\n${'"$x\n'.repeat(250_000)}E\n`,
      `RUN ${'<<E \\\n'.repeat(150_000)}x\n`,
      `COPY ["${'a", \\\n"'.repeat(140_000)}b"]\n`,
      `${' '.repeat(60_000)}\n`.repeat(17),
      '# c\n'.repeat(250_000),
    ];
    for (const body of bodies) {
      try {
        parseDockerfile(`FROM scratch\n${body}`);
      } catch (error) {
        assert.ok(error instanceof KnownError);
      }
    }
  });

  test('refuses a line above 65535 bytes and takes one of just that', () => {
    parseDockerfile(`FROM scratch\nRUN ${'a'.repeat(65_531)}\n`);
    assert.throws(() => parseDockerfile(`FROM scratch\nRUN ${'a'.repeat(65_532)}\n`), { code: 'DOCKERFILE_SYNTAX' });
    assert.throws(() => parseDockerfile(`FROM scratch\nRUN ${'ä'.repeat(32_766)}\n`), { code: 'DOCKERFILE_SYNTAX' });
  });

  test('reports what only the parser sees, as BuildKit’s checks', () => {
    const { warnings } = parseDockerfile('FROM scratch\nRUN a \\\n\n  b\nCMD x\nSHELL ["/bin/sh"]\nENTRYPOINT y\n');
    assert.deepEqual(
      warnings.map(({ code, range }) => [code, range.start.line]),
      [
        ['NoEmptyContinuation', 4],
        ['JSONArgsRecommended', 5],
      ],
    );
  });

  test('names the file it was given', () => {
    assert.equal(parseDockerfile('FROM scratch', { file: 'a.Dockerfile' }).instructions[0]?.range.file, 'a.Dockerfile');
  });
});

describe('parseInstruction', () => {
  test('reads a trigger, its heredocs included, and puts every place where it was told', () => {
    const position = { line: 7, column: 1 };
    const range = { file: 'Dockerfile', start: position, end: position };
    const instruction = parseInstruction('COPY <<EOF /x\na\nEOF', { range });
    assert.ok(instruction.kind === 'COPY');
    assert.deepEqual(
      [instruction.range, instruction.destination.range, instruction.heredocs[0]?.range],
      [range, range, range],
    );
    assert.throws(
      () => parseInstruction('COPPY a b', { range }),
      (error) => error instanceof KnownError && error.range === range,
    );
  });

  test('means a backslash by its escape unless told', () => {
    const text = 'RUN a \\\n b `\n c';
    assert.throws(() => parseInstruction(text), { code: 'DOCKERFILE_SYNTAX' });
    assert.equal(parseInstruction('RUN a `\n b', { escape: '`' }).original, 'RUN a  b');
  });

  test('refuses a text of none or several instructions', () => {
    for (const text of ['', '# x', 'RUN a\nRUN b']) {
      assert.throws(() => parseInstruction(text), { code: 'DOCKERFILE_SYNTAX' });
    }
  });
});

describe('detectSyntax', () => {
  const rows: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['# syntax=a/b:1 more', '#', 'a/b:1'],
    ['#!/x\n#syntax = a', '#', 'a'],
    ['\ufeff# Syntax=a', '#', 'a'],
    ['# escape=`\n# syntax=a', '#', 'a'],
    ['// syntax=a', '//', 'a'],
    ['#!/x\n{"syntax": "a b"}', 'json', 'a b'],
    [' # syntax=a', undefined, undefined],
    ['# x\n# syntax=a', undefined, undefined],
    ['{"syntax": 1}', undefined, undefined],
    ['{"syntax"', undefined, undefined],
    ['FROM scratch', undefined, undefined],
  ];
  for (const [text, spelling, reference] of rows) {
    test(`finds ${reference} in ${JSON.stringify(text)}`, () => {
      const found = detectSyntax(text);
      assert.deepEqual([found?.spelling, found?.reference], [spelling, reference]);
    });
  }
});

describe('parseHeredocWord', () => {
  const rows: readonly (readonly [string, readonly unknown[] | undefined])[] = [
    ['<<EOF', ['EOF', true, false, 0]],
    ['3<<-EOF', ['EOF', true, true, 3]],
    ['<<"A B"', ['A B', false, false, 0]],
    ["<<E'O'F", ['EOF', false, false, 0]],
    ['<<\\EOF', ['EOF', true, false, 0]],
    ['<< EOF', ['EOF', true, false, 0]],
    ['<<$EOF', ['$EOF', true, false, 0]],
    ['<<', undefined],
    ['<<""', undefined],
    ['<<<EOF', undefined],
    ['x<<EOF', undefined],
    ['<<A B', undefined],
  ];
  for (const [text, expected] of rows) {
    test(`reads ${text} as ${JSON.stringify(expected)}`, () => {
      const word = parseHeredocWord(text);
      assert.deepEqual(word && [word.name, word.expand, word.chomp, word.fd], expected);
    });
  }
});
