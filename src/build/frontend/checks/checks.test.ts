import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FrontendOptions } from '../build-plan.ts';
import { plan } from '../plan.fixture.ts';

async function findings(text: string, options: Partial<FrontendOptions> = {}): Promise<readonly string[]> {
  const { warnings } = await plan(text, options);
  return warnings.map(({ code, message, range }) => `${range.start.line} ${code}: ${message}`);
}

describe('findings', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM busybox AS X': ["1 StageNameCasing: Stage name 'X' should be lowercase"],
    'from busybox AS x': ["1 FromAsCasing: 'AS' and 'from' keywords' casing do not match"],
    'FROM busybox\nRUN a && \\\n\n  b': ['4 NoEmptyContinuation: Empty continuation line'],
    'FROM busybox\nRUN 1\nrun 2\nRun 3': [
      "3 ConsistentInstructionCasing: Command 'run' should match the case of the command majority (uppercase)",
      "4 ConsistentInstructionCasing: Command 'Run' should match the case of the command majority (uppercase)",
    ],
    'FROM busybox AS a\nFROM busybox AS a': [
      '2 DuplicateStageName: Duplicate stage name "a", stage names should be unique',
    ],
    'FROM busybox AS context': [
      '1 ReservedStageName: Stage name should not use the same name as reserved stage "context"',
    ],
    'FROM busybox\nCMD a': [
      '2 JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
    ],
    'FROM busybox\nSHELL ["a"]\nCMD a': [],
    'FROM busybox\nMAINTAINER a': [
      '2 MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label',
    ],
    'ARG IMAGE=busybox\nFROM ${IMAG:-busybox}': [
      "2 UndefinedArgInFrom: FROM argument 'IMAG' is not declared (did you mean IMAGE?)",
    ],
    'FROM busybox\nENV VERSION=1\nENV B=$VERSON$VERSON $C=': [
      "3 UndefinedVar: Usage of undefined variable '$VERSON' (did you mean $VERSION?)",
      "3 UndefinedVar: Usage of undefined variable '$C'",
    ],
    'FROM busybox\nARG A\nENV B=$A': [],
    'FROM app:1\nWORKDIR a\nWORKDIR b': [
      '2 WorkdirRelativePath: Relative workdir "a" can have unexpected results if the base image changes',
    ],
    'FROM busybox\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]': [
      '2 MultipleInstructionsDisallowed: Multiple ENTRYPOINT instructions should not be used in the same stage because only the last one will be used',
    ],
    'FROM busybox\nENV a b': [
      '2 LegacyKeyValueFormat: "ENV key=value" should be used instead of legacy "ENV key value" format',
    ],
    'FROM busybox\nARG API_KEY PUBLIC_KEY MONKEY\nENV my_token=1': [
      '2 SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG "API_KEY")',
      '3 SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ENV "my_token")',
    ],
    'FROM --platform=$TARGETPLATFORM busybox': [
      '1 RedundantTargetPlatform: Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
    ],
    'FROM --platform=linux/amd64 busybox': [
      '1 FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant value "linux/amd64"',
    ],
    'FROM --platform=linux/amd64 busybox AS base-amd64': [],
    'FROM busybox\nEXPOSE 80/TCP 1:2': [
      "2 ExposeInvalidFormat: EXPOSE instruction should not define an IP address or host-port mapping, found '1:2'",
      "2 ExposeProtoCasing: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase",
    ],
    '# a comment\nFROM busybox AS x': [],
    '# check=experimental=all\n# a comment\nFROM busybox AS x': [
      '3 InvalidDefinitionDescription: Comment for FROM should follow the format: `# x <description>`',
    ],
    '# check=skip=StageNameCasing,JSONArgsRecommended\nFROM busybox AS X\nCMD a': [],
    '# check=skip=ConsistentInstructionCasing, StageNameCasing\nFROM busybox AS X': [
      "2 StageNameCasing: Stage name 'X' should be lowercase",
    ],
    '# check=skip=all\nFROM busybox AS X': [],
    'FROM busybox AS other\nCMD a\nFROM busybox': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`of ${JSON.stringify(text)}`, async () => assert.deepEqual(await findings(text), expected));
  }

  it('of a default that is no image', async () => {
    const buildArgs = { TAG: 'latest' };
    assert.deepEqual(await findings('ARG TAG\nFROM busybox:$TAG', { buildArgs }), [
      '2 InvalidDefaultArgInFrom: Default value for ARG busybox:$TAG results in empty or invalid base image name',
    ]);
  });

  it('of a base for another platform', async () => {
    const platform = { os: 'linux', architecture: 'arm64' };
    assert.deepEqual(await findings('FROM busybox', { platform }), [
      '1 InvalidBaseImagePlatform: Base image busybox was pulled with platform "linux/amd64", expected "linux/arm64" for current build',
    ]);
  });

  it('of stages that the target does not need, when all are asked for', async () => {
    const found = await findings('FROM busybox AS other\nCMD a\nFROM busybox', { allStages: true });
    assert.equal(found.length, 1);
  });

  it('are left out by the build arg instead of the directive', async () => {
    const buildArgs = { BUILDKIT_DOCKERFILE_CHECK: 'skip=all' };
    assert.deepEqual(await findings('# check=error=true\nFROM busybox\nCMD a', { buildArgs }), []);
  });

  it('have a page', async () => {
    const { warnings } = await plan('FROM busybox\nCMD a');
    assert.equal(warnings[0]?.docs, 'https://docs.docker.com/go/dockerfile/rule/json-args-recommended/');
  });
});
