import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { baseEndOfLife as rule } from './base-end-of-life.ts';

const FOUND = {
  'FROM centos:7': ['1:6 centos:7 gets no security updates any more.'],
  'FROM openjdk:21': ['1:6 openjdk:21 gets no security updates any more.'],
  'FROM ubuntu:18.04': ['1:6 ubuntu:18.04 gets no security updates any more.'],
  'FROM alpine:3.12.1': ['1:6 alpine:3.12.1 gets no security updates any more.'],
  'FROM node:14-alpine AS a': ['1:6 node:14-alpine gets no security updates any more.'],
  'FROM python:3.8-slim': ['1:6 python:3.8-slim gets no security updates any more.'],
  'FROM python:2': ['1:6 python:2 gets no security updates any more.'],
  'FROM php:7.4-fpm': ['1:6 php:7.4-fpm gets no security updates any more.'],
  'FROM ruby:2.7': ['1:6 ruby:2.7 gets no security updates any more.'],
  'FROM debian:9-slim': ['1:6 debian:9-slim gets no security updates any more.'],
  'FROM openjdk:27-rc-slim': [],
  'FROM debian:12': [],
  'FROM debian:bookworm-slim': [],
  'FROM ubuntu:24.04': [],
  'FROM ubuntu:22.04': [],
  'FROM alpine:3.22': [],
  'FROM alpine:3': [],
  'FROM node:22': [],
  'FROM node:20.1': [],
  'FROM node:lts': [],
  'FROM python:3.13': [],
  'FROM python:3.10-slim': [],
  'FROM python:3': [],
  'FROM php:8.3': [],
  'FROM ruby:3.4': [],
  'FROM ghcr.io/a/debian:9': [],
  'FROM postgres:17': [],
  'FROM alpine:3.19': [],
};

describe('base-end-of-life', () => {
  testFindings(rule, FOUND);
});
