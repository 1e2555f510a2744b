/**
 * What is built: folders made anew for each run of the benchmark, the same bytes every time. Their shapes are those
 * that people have: a Go service, many small steps, a large context, stages side by side, a large base.
 */
import { createCipheriv } from 'node:crypto';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 1 << 20;
/** Node.js itself, once it was read. */
let program;

/** The example service and its tests, in a Dockerfile with steps before and after the compiler. */
export function writeGoApp(dir, { example, bases }) {
  cpSync(example, dir, { recursive: true });
  mkdirSync(join(dir, '.git'), { recursive: true });
  writeFileSync(join(dir, '.git/objects'), randomBytes(3_000_000, 9));
  writeFileSync(join(dir, '.dockerignore'), '.git\n**/*_test.go\nDockerfile*\n.dockerignore\n*.md\n');
  const compile = 'CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /hello .';
  const dockerfile = (mount) => `FROM ${bases}/golang:1.26 AS builder
WORKDIR /src
COPY go.mod ./
RUN go mod download && go mod verify
COPY . .
RUN ${mount}${compile}
RUN echo 'app:x:10001:10001::/:/sbin/nologin' > /etc/passwd.app

FROM scratch
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=builder /etc/passwd.app /etc/passwd
COPY --from=builder /hello /hello
ENV PORT=8080
EXPOSE 8080
USER 10001:10001
LABEL org.opencontainers.image.title="hello"
HEALTHCHECK --interval=30s CMD ["/hello", "-healthcheck"]
ENTRYPOINT ["/hello"]
`;
  writeFileSync(join(dir, 'Dockerfile'), dockerfile(''));
  const mount = '--mount=type=cache,id=slipway-bench,target=/root/.cache/go-build ';
  writeFileSync(join(dir, 'Dockerfile.mount'), dockerfile(mount));
}

/** Another greeting, so that no earlier build had this source. */
export function editGoApp(dir) {
  const path = join(dir, 'server.go');
  const source = readFileSync(path, 'utf8');
  const edited = source.replace(/^const greeting = .*$/m, `const greeting = "Hello ${process.hrtime.bigint()}"`);
  if (edited === source) throw new Error(`${path} has no line "const greeting" to change`);
  writeFileSync(path, edited);
}

export function writeManySteps(dir, { bases }) {
  mkdirSync(dir, { recursive: true });
  const steps = Array.from({ length: 20 }, (_, index) => `RUN echo ${index} > /f${index}\n`);
  writeFileSync(join(dir, 'Dockerfile'), `FROM ${bases}/busybox:latest\n${steps.join('')}`);
}

/** Small files of 2,000 bytes, 100 a folder, and one of 200 MB that no compressor makes smaller. */
export function writeBigContext(dir, { files = 20_000, largeMib = 200 } = {}) {
  const text = randomBytes(1_500, 1).toString('base64');
  for (let index = 0; index < files; index++) {
    const folder = join(dir, 'f', `d${String(Math.floor(index / 100)).padStart(3, '0')}`);
    if (index % 100 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${index}.txt`), `${index}\n${text}`.slice(0, 2_000));
  }
  writeLarge(join(dir, 'blob.bin'), largeMib, (index) => randomBytes(MIB, index));
  writeFileSync(join(dir, 'Dockerfile'), 'FROM scratch\nCOPY . /src\n');
}

export function editBigContext(dir) {
  writeFileSync(join(dir, 'f/d100/10000.txt'), `changed ${process.hrtime.bigint()}\n`);
}

export function writeParallelStages(dir, { bases }) {
  mkdirSync(dir, { recursive: true });
  const names = ['a', 'b', 'c', 'd'];
  const stages = names.map(
    (name) => `FROM ${bases}/busybox:latest AS ${name}\nRUN sleep 2 && echo ${name} > /${name}\n`,
  );
  const copies = names.map((name) => `COPY --from=${name} /${name} /\n`);
  writeFileSync(join(dir, 'Dockerfile'), `${stages.join('')}FROM scratch\n${copies.join('')}`);
}

/** A layer of 200 MB. The nonce makes it another one. */
export function writeLayer(dir, nonce) {
  mkdirSync(dir, { recursive: true });
  writeLarge(join(dir, 'layer.bin'), 200, (index) => programBytes(index * MIB, MIB));
  writeFileSync(join(dir, 'Dockerfile'), 'FROM scratch\nCOPY layer.bin nonce /\n');
  renonce(dir, nonce);
}

export function renonce(dir, nonce) {
  writeFileSync(join(dir, 'nonce'), `${nonce} ${process.hrtime.bigint()}\n`);
}

/** A base of 200 MB in two layers: 4,000 files of 50 kB, and beside them /bin/true from a small base. */
export function writeLargeBase(dir, { bases }) {
  for (let index = 0; index < 4_000; index++) {
    const folder = join(dir, 'lib', String(Math.floor(index / 50)));
    if (index % 50 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${index}.so`), programBytes(index * 52_000, 52_000));
  }
  writeFileSync(join(dir, 'Dockerfile'), `FROM ${bases}/busybox:latest\nCOPY lib /usr/lib/large\n`);
}

/** One step on a base, which therefore has to be there in full. */
export function writeOnto(dir, reference) {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'Dockerfile'), `FROM ${reference}\nRUN true\n`);
}

/** The same folder under another name, which no builder has seen: nothing is remembered of it. */
export function renamed(from, to) {
  renameSync(from, to);
  return to;
}

function writeLarge(path, mib, block) {
  const file = openSync(path, 'w');
  for (let index = 0; index < mib; index++) writeSync(file, block(index));
  closeSync(file);
}

/** A program, over and over: what layers are mostly made of. Its repetitions lie too far apart for gzip to see. */
function programBytes(offset, size) {
  program ??= readFileSync(process.execPath);
  const start = offset % (program.length - size);
  return program.subarray(start, start + size);
}

/** Deterministic: a stream cipher's bytes. */
function randomBytes(size, seed) {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(seed, 12);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
