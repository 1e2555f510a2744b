import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownError } from '../../../diagnostics/known-error.ts';
import type { FrontendOptions } from '../build-plan.ts';
import { namesOf, plan } from '../plan.fixture.ts';

interface Refused {
  readonly text: string;
  readonly options?: Partial<FrontendOptions>;
  readonly code: string;
  readonly line?: number;
  readonly says: RegExp;
}

describe('refused', () => {
  const cases: readonly Refused[] = [
    { text: 'FROM scratch\nCOPY --from=7 a /', code: 'STAGE_MISSING', line: 2, says: /no stage 7/ },
    {
      text: 'FROM busybox AS builder\nFROM scratch\nCOPY --from=bulder a /',
      code: 'STAGE_MISSING',
      line: 3,
      says: /builder/,
    },
    { text: 'FROM scratch\nCOPY --from=nothing a /', code: 'IMAGE_NOT_FOUND', line: 2, says: /library\/nothing/ },
    { text: 'FROM busybox AS Build\nFROM Build', code: 'STAGE_MISSING', line: 2, says: /build/ },
    { text: 'FROM missing', code: 'IMAGE_NOT_FOUND', line: 1, says: /library\/missing/ },
    {
      text: 'FROM scratch AS a\nCOPY --from=b a /\nFROM scratch AS b',
      options: { target: 'a' },
      code: 'STAGE_MISSING',
      line: 2,
      says: /below "a"/,
    },
    {
      text: 'FROM scratch AS a\nCOPY --from=b a /\nFROM scratch AS b\nCOPY --from=a b /',
      code: 'STAGE_CYCLE',
      line: 2,
      says: /"a" and "b"/,
    },
    { text: 'FROM scratch\nFROM scratch\nCOPY --from=1 a /', code: 'STAGE_CYCLE', line: 3, says: /stands in/ },
    { text: 'FROM scratch AS build', options: { target: 'bulid' }, code: 'TARGET_MISSING', says: /Did you mean build/ },
    { text: 'FROM scratch AS build', options: { target: '0' }, code: 'TARGET_MISSING', says: /are build/ },
    { text: 'FROM $NOPE', code: 'DOCKERFILE_INVALID_VALUE', line: 1, says: /names no image/ },
    { text: 'FROM --platform=$NOPE scratch', code: 'PLATFORM_INVALID', line: 1, says: /is empty/ },
    { text: 'FROM --platform=$BULIDPLATFORM scratch', code: 'PLATFORM_INVALID', line: 1, says: /mean \$BUILDPLATFORM/ },
    { text: 'FROM --platform=a/b/c/d scratch', code: 'PLATFORM_INVALID', line: 1, says: /not a platform/ },
    { text: 'FROM scratch\nCOPY --from=$X a /', code: 'DOCKERFILE_INVALID_FLAG', line: 2, says: /variables/ },
    { text: 'FROM scratch\nENV A="$' + '{B:?no b}"', code: 'DOCKERFILE_VARIABLE', line: 2, says: /no b/ },
    { text: 'FROM scratch\nSTOPSIGNAL FOO', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /FOO/ },
    { text: 'FROM scratch\nVOLUME $X', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /empty/ },
    { text: 'FROM scratch\nEXPOSE 70000', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /70000/ },
    { text: 'FROM scratch\nCOPY --chmod=99 a /', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /99/ },
    { text: 'FROM scratch\nCOPY https://e.x/a /', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /ADD/ },
    { text: 'FROM scratch\nADD --checksum=sha256:0 a /', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /checksum/ },
    { text: 'FROM scratch\nRUN --mount=target=/ x', code: 'DOCKERFILE_INVALID_FLAG', line: 2, says: /root directory/ },
    { text: 'FROM scratch\nRUN --mount=type=$T,target=/x x', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /type/ },
    { text: 'FROM scratch\nRUN --mount=type=ssh,src=/x x', code: 'DOCKERFILE_INVALID_VALUE', line: 2, says: /source/ },
    {
      text: 'FROM scratch\nRUN --network=host x',
      code: 'ENTITLEMENT_NOT_ALLOWED',
      line: 2,
      says: /--allow network.host/,
    },
    { text: 'FROM scratch\nRUN --security=insecure x', code: 'ENTITLEMENT_NOT_ALLOWED', line: 2, says: /insecure/ },
    { text: 'FROM scratch\nRUN --device=a/b=c x', code: 'DOCKERFILE_NOT_SUPPORTED', line: 2, says: /device/ },
    { text: 'FROM scratch', options: { buildArgs: { SOURCE_DATE_EPOCH: 'x' } }, code: 'USAGE', says: /seconds/ },
    { text: '# check=error=true\nFROM scratch\nCMD x', code: 'CHECK_FAILED', line: 3, says: /JSONArgsRecommended/ },
    { text: '# check=nope\nFROM scratch', code: 'DOCKERFILE_INVALID_VALUE', line: 1, says: /nope/ },
  ];
  for (const { text, options, code, line, says } of cases) {
    it(`${JSON.stringify(text)} with ${code}`, async () => {
      await assert.rejects(plan(text, options), (error) => {
        assert.ok(error instanceof KnownError, String(error));
        assert.deepEqual([error.code, error.range?.start.line], [code, line]);
        assert.match(`${error.message} ${error.hint}`, says);
        return true;
      });
    });
  }
});

describe('found', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM busybox AS Build\nRUN 1\nFROM scratch\nCOPY --from=BUILD a /': [
      '[build 2/2] RUN 1',
      '[stage-1 1/1] COPY --from=BUILD a /',
    ],
    'FROM busybox AS x\nRUN 1\nFROM busybox AS x\nRUN 2\nFROM scratch\nCOPY --from=x a /': [
      '[x 2/2] RUN 2',
      '[stage-2 1/1] COPY --from=x a /',
    ],
    'ARG I=busybox\nFROM $I\nRUN 1': ['[2/2] RUN 1'],
    'FROM busybox\nRUN --mount=type=cache,target=/c 1': ['[stage-0 2/2] RUN --mount=type=cache,target=/c 1'],
    'FROM scratch\nCOPY --from=busybox a /': ['[stage-0 1/1] COPY --from=busybox a /'],
    'FROM scratch\nCOPY --from=scratch a /': ['[internal] empty root', '[stage-0 1/1] COPY --from=scratch a /'],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => {
      const names = namesOf(await plan(text)).filter((name) => !name.includes('FROM busybox'));
      assert.deepEqual(names, expected);
    });
  }

  it('a thousand stages that lean on each other', async () => {
    const stages = Array.from({ length: 1000 }, (_, at) => `FROM scratch AS s${at}\nCOPY --from=s${at + 1} a /`);
    await assert.rejects(plan(`${stages.join('\n')}\nFROM scratch AS s1000\nCOPY --from=s0 a /`), {
      code: 'STAGE_CYCLE',
    });
  });
});
