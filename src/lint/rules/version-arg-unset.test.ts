import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { versionArgUnset as rule } from './version-arg-unset.ts';

const undeclared = (place: string, name: string) => [
  `${place} ${name} is empty here: an ARG before the first FROM holds for FROM lines only.`,
];

describe('version-arg-unset', () => {
  testFindings(rule, {
    'FROM golang:1.26\nARG X_VERSION\nRUN go install example.com/x@$X_VERSION': [],
    'ARG X_VERSION=1\nFROM golang:1.26\nRUN go install example.com/x@v$X_VERSION': undeclared('3:16', 'X_VERSION'),
    'ARG X_TAG=v1\nFROM golang:1.26\nRUN wget "https://example.com/$X_TAG"': undeclared('3:10', 'X_TAG'),
    'ARG X_TAG=v1\nFROM golang:1.26\nARG X_TAG\nRUN wget https://example.com/$X_TAG': [],
    'FROM golang:1.26\nARG VERSION\nRUN wget https://example.com/${VERSION:?}': [],
    'FROM golang:1.26\nARG VERSION\nRUN test -n "$VERSION" && wget https://example.com/$VERSION': [],
    'FROM golang:1.26\nARG VERSION\nRUN VERSION=${VERSION:-1} && wget https://example.com/$VERSION': [],
    'FROM golang:1.26\nRUN wget https://example.com/$VERSION': [],
    'FROM golang:1.26\nENV VERSION=1\nRUN wget https://example.com/$VERSION': [],
    'FROM golang:1.26\nARG VERSION\nRUN echo $VERSION': [],
    'FROM golang:1.26\nARG BUILD_TAG\nRUN wget "https://example.com/x.zip?$BUILD_TAG"': [],
    'ARG GOLANG_VERSION=1\nFROM golang:1.26\nRUN wget https://example.com/$GOLANG_VERSION': [],
    'ARG BASE\nARG X_TAG=v1\nFROM $BASE\nRUN wget https://example.com/$X_TAG': [],
  });
  testFixes(rule, {
    'ARG X_TAG=v1\nFROM golang:1.26\nRUN wget https://example.com/$X_TAG':
      'ARG X_TAG=v1\nFROM golang:1.26\nARG X_TAG\nRUN wget https://example.com/$X_TAG',
  });
});
