import { familiarReference } from '../../image/reference.ts';
import type { Rule } from '../rule.ts';
import { namedImages } from '../subject/image-names.ts';

interface Ended {
  readonly repository: RegExp;
  readonly tag: RegExp;
  readonly instead: string;
}

const ANY = /^/;
/** Of official images: what gets no security updates since the end of 2025 or before. `tag` is matched at its start. */
const ENDED: readonly Ended[] = [
  { repository: /^library\/centos$/, tag: ANY, instead: 'rockylinux, almalinux or quay.io/centos/centos:stream9' },
  // What still comes are early releases.
  { repository: /^library\/(?:openjdk|java|adoptopenjdk)$/, tag: /^(?!\d+-(?:ea|rc))/, instead: 'eclipse-temurin' },
  {
    repository: /^library\/debian$/,
    tag: /^(?:[6-9]|10|squeeze|wheezy|jessie|stretch|buster)(?:[.-]|$)/,
    instead: 'debian:13',
  },
  {
    repository: /^library\/ubuntu$/,
    tag: /^(?:1\d\.|20\.(?:04|10)|21\.|22\.10|23\.|24\.10|trusty|xenial|bionic|focal|lunar|mantic)/,
    instead: 'ubuntu:24.04',
  },
  { repository: /^library\/alpine$/, tag: /^(?:2\.|3\.(?:\d|1[0-8])(?:\.|$))/, instead: 'alpine:3.22' },
  { repository: /^library\/node$/, tag: /^(?:\d|1\d|21|23)(?:[.-]|$)/, instead: 'node:24' },
  { repository: /^library\/python$/, tag: /^(?:2|3\.[0-9])(?:[.-](?!1\d)|$)/, instead: 'python:3.13' },
  { repository: /^library\/ruby$/, tag: /^(?:1|2|3\.[01])(?:[.-]|$)/, instead: 'ruby:3.4' },
  { repository: /^library\/php$/, tag: /^(?:[5-7]|8\.0)(?:[.-]|$)/, instead: 'php:8.4' },
  { repository: /^library\/postgres$/, tag: /^(?:9|1[0-3])(?:[.-]|$)/, instead: 'postgres:17' },
  { repository: /^library\/mysql$/, tag: /^5(?:[.-]|$)/, instead: 'mysql:8.4' },
];

/** Known holes stay open in it; many mirrors have dropped its packages, so that installations fail. */
export const baseEndOfLife: Rule = {
  name: 'base-end-of-life',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A base image gets no security updates any more',

  *check(subject) {
    for (const { reference, range } of namedImages(subject)) {
      const { registry, repository, tag = 'latest' } = reference;
      const ended =
        registry === 'docker.io' && ENDED.find((entry) => entry.repository.test(repository) && entry.tag.test(tag));
      if (!ended) continue;
      const { digest: _, ...named } = reference;
      yield {
        message: `${familiarReference(named)} gets no security updates any more.`,
        range,
        hint: `Take ${ended.instead}, or a newer release.`,
      };
    }
  },
};
