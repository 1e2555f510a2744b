import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseReference } from '../../image/reference.ts';
import { type BaseTraits, baseTraits } from './base-traits.ts';

function traitsOf(name: string): BaseTraits | undefined {
  if (name === 'scratch') return baseTraits({ kind: 'scratch' });
  return baseTraits({ kind: 'image', name, reference: parseReference(name), isVariable: false });
}

describe('traits of a base by its name', () => {
  // Title, shell, package manager, C library, CA certificates, user, Go version.
  const cases: Readonly<Record<string, readonly unknown[]>> = {
    scratch: ['scratch', false, undefined, 'none', false, 'root', undefined],
    'gcr.io/distroless/static': ['distroless static', false, undefined, 'none', true, 'root', undefined],
    'gcr.io/distroless/static-debian12:nonroot': [
      'distroless static',
      false,
      undefined,
      'none',
      true,
      'nonroot',
      undefined,
    ],
    'gcr.io/distroless/base-debian12:debug': [
      'distroless base',
      undefined,
      undefined,
      'glibc',
      true,
      'root',
      undefined,
    ],
    'gcr.io/distroless/cc:debug-nonroot': ['distroless cc', undefined, undefined, 'glibc', true, 'nonroot', undefined],
    'cgr.dev/chainguard/static': ['chainguard static', false, undefined, 'none', true, 'nonroot', undefined],
    alpine: ['alpine', true, 'apk', 'musl', true, 'root', undefined],
    'docker.io/library/alpine:3.20': ['alpine', true, 'apk', 'musl', true, 'root', undefined],
    'public.ecr.aws/docker/library/debian:12-slim': ['debian', true, 'apt', 'glibc', false, 'root', undefined],
    'busybox:1.36-musl': ['busybox', true, undefined, 'musl', false, 'root', undefined],
    busybox: ['busybox', true, undefined, undefined, false, 'root', undefined],
    'golang:1.26': ['golang', true, 'apt', 'glibc', true, 'root', '1.26'],
    'golang:1.26.1-alpine3.22': ['golang', true, 'apk', 'musl', true, 'root', '1.26.1'],
    'golang:alpine': ['golang', true, 'apk', 'musl', true, 'root', undefined],
    'golang:1.22rc1-bookworm': ['golang', true, 'apt', 'glibc', true, 'root', undefined],
    'node:22-slim': ['node', true, 'apt', 'glibc', undefined, 'root', undefined],
  };
  for (const [name, expected] of Object.entries(cases)) {
    it(name, () => {
      const traits = traitsOf(name);
      assert.ok(traits);
      const { title, hasShell, packageManager, libc, hasCaCertificates, user, go } = traits;
      assert.deepEqual([title, hasShell, packageManager, libc, hasCaCertificates, user, go?.version], expected);
    });
  }

  for (const name of ['example.com/base', 'someone/alpine', 'nginx', 'cgr.dev/chainguard/go']) {
    it(`nothing of ${name}`, () => assert.equal(traitsOf(name), undefined));
  }

  it('users with their ids, where they are few', () => {
    assert.equal(traitsOf('gcr.io/distroless/static')?.users?.get('nonroot'), 65_532);
    assert.equal(traitsOf('alpine')?.users?.get('nobody'), 65_534);
    assert.equal(traitsOf('node:22')?.users, undefined);
  });
});
