import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lint } from './lint.ts';

async function codes(source: string): Promise<readonly string[]> {
  const { findings } = await lint({ file: 'Dockerfile', source });
  return findings.map(({ code, severity }) => `${severity} ${code}`).filter((text) => /[A-Z]/.test(text));
}

describe('what a build would say', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM busybox:1\nENV a b': ['warning LegacyKeyValueFormat'],
    '# check=skip=LegacyKeyValueFormat\nFROM busybox:1\nENV a b': [],
    'ARG BASE\nFROM $BASE': ['warning InvalidDefaultArgInFrom'],
    'ARG SHA\nFROM busybox:1@sha256:$SHA': ['warning InvalidDefaultArgInFrom'],
    'ARG BUILD_PLATFORM=\nFROM --platform=$BUILD_PLATFORM busybox:1': [],
    'FROM a/$NOWHERE/b:1': ['warning InvalidDefaultArgInFrom', 'error REFERENCE_INVALID', 'warning UndefinedArgInFrom'],
    'FROM busybox:1\nCOPY --from=2 a b': ['error STAGE_MISSING'],
    'FROM busybox:1\nNOTHING': ['error DOCKERFILE_UNKNOWN_INSTRUCTION'],
    'FROM busybox:1\nRUN --security=insecure true\nRUN --network=host true': [],
  };
  for (const [source, expected] of Object.entries(cases)) {
    it(JSON.stringify(source), async () => assert.deepEqual(await codes(source), expected));
  }
});
