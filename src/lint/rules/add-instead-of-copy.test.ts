import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { addInsteadOfCopy as rule } from './add-instead-of-copy.ts';

describe('add-instead-of-copy', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'ADD app /app': ['2:1 ADD copies "app" and does nothing that COPY does not.'],
    'add a b /app/': ['2:1 ADD copies "a", "b" and does nothing that COPY does not.'],
    'ADD app.tar.gz /app': [],
    'ADD https://example.com/a /a': [],
    'ADD git@example.com:a/b.git /src': [],
    'ADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef a /a': [],
    'ADD $FILE /app': [],
    'COPY app /app': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM scratch\n${text}\n`), expected));
  }

  it('writes COPY in the case that stands there', async () => {
    const fixed = await fixedBy(rule, 'FROM scratch\nADD --chown=1:1 a /a\nadd b /b\n');
    assert.equal(fixed, 'FROM scratch\nCOPY --chown=1:1 a /a\ncopy b /b\n');
  });
});
