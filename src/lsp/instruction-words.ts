import type { InstructionKind } from '../dockerfile/ast.ts';

/** What an instruction is for and how it is written: shown where the cursor rests, and beside completions. */
export interface InstructionWords {
  readonly summary: string;
  readonly form: string;
}

export const INSTRUCTION_WORDS: Readonly<Record<InstructionKind, InstructionWords>> = {
  ADD: {
    summary: 'Copies files, unpacks archives, downloads addresses and clones repositories.',
    form: 'ADD [--chown=…] SOURCE… DESTINATION',
  },
  ARG: { summary: 'Declares a value that a build can be given.', form: 'ARG NAME[=DEFAULT]' },
  CMD: {
    summary: 'The command of a container, or the arguments of its ENTRYPOINT.',
    form: 'CMD ["PROGRAM", "ARGUMENT"]',
  },
  COPY: {
    summary: 'Copies files of the context, of another stage or of an image.',
    form: 'COPY [--from=STAGE] SOURCE… DESTINATION',
  },
  ENTRYPOINT: { summary: 'The program of a container.', form: 'ENTRYPOINT ["PROGRAM", "ARGUMENT"]' },
  ENV: { summary: 'Sets variables for later steps and for containers.', form: 'ENV NAME=VALUE …' },
  EXPOSE: { summary: 'Says which ports a container listens on.', form: 'EXPOSE PORT[/PROTOCOL] …' },
  FROM: {
    summary: 'Begins a stage on an image, on another stage, or on nothing.',
    form: 'FROM [--platform=…] IMAGE [AS NAME]',
  },
  HEALTHCHECK: {
    summary: 'How to ask a container whether it is well.',
    form: 'HEALTHCHECK [--interval=30s] CMD ["PROGRAM"]',
  },
  LABEL: { summary: 'Adds metadata to the image.', form: 'LABEL KEY=VALUE …' },
  MAINTAINER: { summary: 'The author; a label says it better.', form: 'MAINTAINER NAME' },
  ONBUILD: { summary: 'An instruction for the images that are built on this one.', form: 'ONBUILD INSTRUCTION' },
  RUN: { summary: 'Runs a command and keeps what it changes as a layer.', form: 'RUN [--mount=…] COMMAND' },
  SHELL: {
    summary: 'The shell that reads commands in the shell form.',
    form: 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
  },
  STOPSIGNAL: { summary: 'The signal that asks a container to end.', form: 'STOPSIGNAL SIGTERM' },
  USER: { summary: 'Who runs later steps and the container.', form: 'USER UID[:GID]' },
  VOLUME: { summary: 'Directories whose content is not of the image.', form: 'VOLUME PATH …' },
  WORKDIR: {
    summary: 'The directory of later steps and of the container; made where it is missing.',
    form: 'WORKDIR PATH',
  },
};

/** What the flags of instructions do. */
export const FLAG_WORDS: Readonly<Record<string, string>> = {
  from: 'a stage, an image or a named context to copy from',
  chown: 'owner of what is copied: USER[:GROUP]',
  chmod: 'permissions of what is copied: 0755, u=rwX,go=rX',
  link: 'a layer of its own, which stays in the cache when earlier ones change',
  parents: 'keep the directories of the sources',
  exclude: 'patterns of files to leave out',
  checksum: 'digest that the download must have: sha256:…',
  'keep-git-dir': 'keep the .git directory of a cloned repository',
  unpack: 'unpack archives, also downloaded ones, or none',
  platform: 'platform of the image: linux/amd64, $BUILDPLATFORM …',
  mount: 'something that is there while the step runs: type=cache|bind|secret|ssh|tmpfs',
  network: 'network of the step: default, none, host',
  security: 'sandbox, or insecure where the build allows it',
  device: 'a device of the machine',
  interval: 'time between two checks (30s)',
  timeout: 'a check that takes longer has failed (30s)',
  'start-period': 'time to start, in which failures do not count (0s)',
  'start-interval': 'time between checks during the start (5s)',
  retries: 'failures in a row until the container is unhealthy (3)',
};

export const MOUNT_TYPES = ['cache', 'bind', 'secret', 'ssh', 'tmpfs'] as const;
