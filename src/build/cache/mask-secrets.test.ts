import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskAssignment, maskedValue, maskValues, namesSecret, textMasker } from './mask-secrets.ts';

for (const [name, isSecret] of [
  ['NPM_TOKEN', true],
  ['PASSWORD', true],
  ['GITHUB_PAT', true],
  ['AWS_SECRET_ACCESS_KEY', true],
  ['PUBLIC_KEY', false],
  ['VERSION', false],
  ['PATH', false],
  ['TOKENIZER', false],
] as const) {
  test(`${name} is ${isSecret ? '' : 'not '}named like a secret`, () => assert.equal(namesSecret(name), isSecret));
}

test('a masked value can be compared and not be read', () => {
  assert.equal(maskAssignment('TOKEN=hunter2'), `TOKEN=${maskedValue('hunter2')}`);
  assert.notEqual(maskedValue('hunter2'), maskedValue('hunter3'));
  assert.doesNotMatch(JSON.stringify(maskValues({ TOKEN: 'hunter2', A: 'b' })), /hunter/);
});

test('a secret is taken out of texts and of JSON, longer ones first', () => {
  const mask = textMasker(['TOKEN=ab"cd', 'OTHER_TOKEN=ab"cdef', 'A=plain']);
  assert.doesNotMatch(mask(`curl -H ab"cdef plain ${JSON.stringify('ab"cd')}`), /ab\\?"cd|ef/);
  assert.match(mask('plain'), /plain/);
});

test('a proxy is kept without its user and password', () => {
  const proxy = 'http://u:p@ss,word@proxy:3128';
  const env = JSON.stringify(['A=1', `HTTPS_PROXY=${proxy}`, 'MAIL=a@b']);
  const masked = 'http://***@proxy:3128';
  assert.deepEqual(maskValues({ HTTPS_PROXY: proxy }), { HTTPS_PROXY: masked });
  assert.equal(textMasker([])(`curl -x ${proxy} http://host/a@b`), `curl -x ${masked} http://host/a@b`);
  assert.deepEqual(JSON.parse(textMasker([])(env)), ['A=1', `HTTPS_PROXY=${masked}`, 'MAIL=a@b']);
});
