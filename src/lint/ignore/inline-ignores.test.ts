import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lint } from '../lint.ts';

async function found(source: string): Promise<readonly string[]> {
  const { findings } = await lint({ file: 'Dockerfile', source });
  const mine = findings.filter(({ code }) => /add-instead|apt-get-not|^ignore-|^[A-Z]/.test(code));
  return mine.map(({ code, severity, range }) => `${range.start.line} ${severity} ${code}`);
}

describe('comments that silence', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM scratch\nADD a /a': ['2 warning add-instead-of-copy'],
    'FROM scratch\n# slipway ignore=add-instead-of-copy it is ours\nADD a /a\nADD b /b': [
      '4 warning add-instead-of-copy',
    ],
    'FROM scratch\n# hadolint ignore=DL3020\nADD a /a': [],
    'FROM scratch\n# hadolint ignore=DL3008,DL3020\nADD a /a': [],
    '# hadolint global ignore=DL3020\nFROM scratch\nADD a /a\nADD b /b': [],
    'FROM scratch\n# slipway global ignore=add-instead-of-copy\nADD a /a': [],
    'FROM a:1\nRUN true && \\\n # slipway ignore=apt-get-not-apt as upstream\n apt update': [],
    'FROM a:1\nCOPY <<EOF /x\n# slipway global ignore=add-instead-of-copy\nEOF\nADD a /a': [
      '5 warning add-instead-of-copy',
    ],
    'FROM scratch\n# slipway ignore=add-instead-of-copi\nADD a /a': [
      '2 warning ignore-unknown-rule',
      '3 warning add-instead-of-copy',
    ],
    'FROM a:1\n# slipway ignore=JSONArgsRecommended\nCMD a': [],
    '# check=skip=JSONArgsRecommended\nFROM a:1\nCMD a': [],
    '# check=error=true\nFROM a:1\nCMD a': ['3 error JSONArgsRecommended'],
    'FROM a:1\n# slipway ignore=STAGE_MISSING\nCOPY --from=7 a /a': [
      '2 warning ignore-unknown-rule',
      '3 error STAGE_MISSING',
    ],
  };
  for (const [source, expected] of Object.entries(cases)) {
    it(JSON.stringify(source), async () => assert.deepEqual(await found(source), expected));
  }
});
