import { describe } from 'node:test';
import { testFixes } from '../rule-cases.fixture.ts';

/** By the name of the check: a Dockerfile, and the same with its fixes made. What cannot be mended surely stays. */
const CASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ConsistentInstructionCasing: {
    'FROM a:1\nrun b\nCopy c /d': 'FROM a:1\nRUN b\nCOPY c /d',
    'from a:1\nrun b\nCOPY c /d': 'from a:1\nrun b\ncopy c /d',
  },
  ExposeInvalidFormat: {
    'FROM a:1\nEXPOSE 8080:80 127.0.0.1:8443:443/tcp': 'FROM a:1\nEXPOSE 80 443/tcp',
  },
  ExposeProtoCasing: { 'FROM a:1\nEXPOSE 53/UDP 80': 'FROM a:1\nEXPOSE 53/udp 80' },
  FromAsCasing: {
    'FROM a:1 as b': 'FROM a:1 AS b',
    'from a:1 \\\n  AS  b': 'from a:1 \\\n  AS  b',
    'from a:1  AS b': 'from a:1  as b',
  },
  JSONArgsRecommended: {
    'FROM a:1\nCMD serve --port 8080': 'FROM a:1\nCMD ["serve", "--port", "8080"]',
    'FROM a:1\nENTRYPOINT /app "a b" \'c\'': 'FROM a:1\nENTRYPOINT ["/app", "a b", "c"]',
    'FROM a:1\nCMD a && b': 'FROM a:1\nCMD a && b',
    'FROM a:1\nCMD a $B': 'FROM a:1\nCMD a $B',
    'FROM a:1\nCMD exec a': 'FROM a:1\nCMD exec a',
    'FROM a:1\nCMD A=1 b': 'FROM a:1\nCMD A=1 b',
    'FROM a:1\nCMD ls *': 'FROM a:1\nCMD ls *',
  },
  LegacyKeyValueFormat: {
    'FROM a:1\nENV A b': 'FROM a:1\nENV A=b',
    'FROM a:1\nENV A b c $D': 'FROM a:1\nENV A="b c $D"',
    'FROM a:1\nLABEL a "b c"': 'FROM a:1\nLABEL a="b c"',
    'FROM a:1\nENV A b \\\n  c': 'FROM a:1\nENV A b \\\n  c',
    'FROM a:1\nENV A it\\"s': 'FROM a:1\nENV A it\\"s',
    'FROM a:1\nENV A "b" c': 'FROM a:1\nENV A "b" c',
  },
  MaintainerDeprecated: {
    'FROM a:1\nMAINTAINER Me <me@example.com>':
      'FROM a:1\nLABEL org.opencontainers.image.authors="Me <me@example.com>"',
    'from a:1\nmaintainer "Me"': 'from a:1\nlabel org.opencontainers.image.authors="Me"',
    'FROM a:1\nMAINTAINER "Me" & "You"': 'FROM a:1\nMAINTAINER "Me" & "You"',
  },
  MultipleInstructionsDisallowed: {
    'FROM a:1\nCMD ["a"]\nENV B=1\nCMD ["c"]': 'FROM a:1\nENV B=1\nCMD ["c"]',
  },
  NoEmptyContinuation: {
    'FROM a:1\nRUN a \\\n\n  && b \\\n  \n  && c': 'FROM a:1\nRUN a \\\n  && b \\\n  && c',
  },
  RedundantTargetPlatform: {
    'FROM --platform=$TARGETPLATFORM a:1': 'FROM a:1',
  },
  StageNameCasing: {
    'FROM a:1 AS Build\nFROM Build AS c\nFROM b:1\nCOPY --from=Build /x /y\nRUN --mount=from=Build,target=/z w':
      'FROM a:1 AS build\nFROM build AS c\nFROM b:1\nCOPY --from=build /x /y\nRUN --mount=from=build,target=/z w',
  },
  WorkdirRelativePath: {
    'FROM a:1\nWORKDIR ./app/src': 'FROM a:1\nWORKDIR /app/src',
    'FROM a:1\nWORKDIR ..': 'FROM a:1\nWORKDIR ..',
  },
};

for (const [name, cases] of Object.entries(CASES)) describe(`a fix for ${name}`, () => testFixes({ name }, cases));
