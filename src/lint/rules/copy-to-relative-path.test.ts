import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { copyToRelativePath as rule } from './copy-to-relative-path.ts';

const FOUND = {
  'COPY a b': ['2:8 "b" is relative to whatever directory the base image sets.'],
  'ADD a ./b/': ['2:7 "./b/" is relative to whatever directory the base image sets.'],
  'FROM scratch\nCOPY a b': [],
  'FROM debian:12\nCOPY a b': [],
  'FROM mirror.gcr.io/busybox\nCOPY a b': [],
  'ARG TAG\nFROM ubuntu:$TAG\nCOPY a b': [],
  'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCOPY a b': [],
  'FROM mcr.microsoft.com/windows/nanoserver-insider\nCOPY a b': [],
  'FROM public.ecr.aws/amazonlinux/amazonlinux:2\nCOPY a b': [],
  'FROM registry.access.redhat.com/ubi9/ubi-minimal\nCOPY a b': [],
  'COPY a /b': [],
  'WORKDIR /x\nCOPY a b': [],
  'COPY a $DIR/b': [],
  'FROM golang:1.26 AS x\nWORKDIR /x\nFROM x\nCOPY a b': [],
  'COPY a "/b"': [],
};

describe('copy-to-relative-path', () => {
  testFindings(rule, FOUND, { head: 'FROM golang:1.26\n' });
});
