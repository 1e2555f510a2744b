import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { missingCaCertificates as rule } from './missing-ca-certificates.ts';

const CLIENT = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n';
const OTHER = 'package main\n\nfunc main() {\n\tprintln("hello")\n}\n';
const files = (main: string) => ({ files: { 'go.mod': 'module example.com/app\n\ngo 1.26\n', 'main.go': main } });

function dockerfile(final: string, build = 'golang:1.26'): string {
  return `FROM ${build} AS build\nRUN go build -o /app .\nFROM ${final}\nCOPY --from=build /app /app\n`;
}

describe('missing-ca-certificates', () => {
  it('in scratch and plain Debian', async () => {
    const [inScratch, ...others] = await messagesOf(rule, dockerfile('scratch'), files(CLIENT));
    assert.match(inScratch ?? '', /^3:6 main\.go:\d+ is a TLS client \(.+\), and scratch has no CA certificates/);
    assert.deepEqual(others, []);
    assert.equal((await messagesOf(rule, dockerfile('debian:12-slim'), files(CLIENT))).length, 1);
  });

  for (const final of [
    'alpine:3.22',
    'gcr.io/distroless/static',
    'example.com/own',
    'debian:12\nRUN apt-get install -y ca-certificates',
    'scratch\nCOPY --from=build /etc/ssl/certs /etc/ssl/certs',
    'scratch\nENV SSL_CERT_FILE=/roots.pem',
  ]) {
    it(`silent for ${JSON.stringify(final)}`, async () =>
      assert.deepEqual(await messagesOf(rule, dockerfile(final), files(CLIENT)), []));
  }

  it('silent for other programs, and without the module', async () => {
    assert.deepEqual(await messagesOf(rule, dockerfile('scratch'), files(OTHER)), []);
    assert.deepEqual(await messagesOf(rule, dockerfile('scratch')), []);
  });

  it('copies them from the build stage, where that has them', async () => {
    const line = 'COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\n';
    assert.equal(await fixedBy(rule, dockerfile('scratch'), files(CLIENT)), dockerfile('scratch') + line);
    const own = dockerfile('scratch', 'example.com/own');
    assert.equal(await fixedBy(rule, own, files(CLIENT)), own);
  });
});
