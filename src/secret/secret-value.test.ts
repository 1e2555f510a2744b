import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looksGenerated } from './secret-value.ts';

const VALUES: Readonly<Record<string, boolean>> = {
  x7Kp2mQ9vR4tZ8wB1nC5: true,
  'correct-horse-battery-staple': false,
  MySecretManagerName42: false,
  'some words of a sentence': false,
  'The API Key "X7" already exists.': false,
  'Clé-API-déjà-utilisée-X7': false,
  APIキーはすでに存在します: false,
  '*docker-hub-password': false,
  '*dOcker-hub9password': true,
  '.Values.s3.existingConfigSecret': false,
  // Whatever a file holds, it is read in a moment: no pattern may try its words in every way.
  [`${'a'.repeat(5000)}=`]: false,
  [`${'aB'.repeat(5000)}!`]: false,
};

describe('what a generator of secrets wrote', () => {
  for (const [value, expected] of Object.entries(VALUES))
    it(value.slice(0, 40), () => assert.equal(looksGenerated(value), expected));
});
