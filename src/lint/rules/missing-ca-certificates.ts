import type { Fix } from '../finding.ts';
import { insertAfter } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { baseTraits, stageTraits } from '../subject/base-traits.ts';
import { lineageSteps } from '../subject/lineage.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { type ShippedBinary, shippedBinaries } from '../subject/shipped-binaries.ts';
import { shippedProgram } from '../subject/subject-module.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/** A TLS client without roots trusts nobody. */
export const missingCaCertificates: Rule = {
  name: 'missing-ca-certificates',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'The program calls others over TLS, and the image has no CA certificates',

  *check(subject) {
    const base = baseTraits(subject.target.rootBase);
    if (base?.hasCaCertificates !== false) return;
    const [binary] = shippedBinaries(subject, subject.target);
    const program = shippedProgram(subject);
    const client = program?.tlsClients.find(({ value }) => !isOfOwnNetwork(value));
    if (!binary || !program || !client || bringsCertificates(subject)) return;
    if (program.imports.some(({ value }) => /x509roots|gwatts\/rootcerts|certifi/.test(value))) return;
    yield {
      message: `${client.at.path}:${client.at.line} is a TLS client (${client.value}), and ${base.title} has no CA certificates: it refuses servers with a public certificate ("certificate signed by unknown authority").`,
      range: subject.target.from.image.range,
      hint: `Copy ${BUNDLE} from the build stage, or take a base that has it, such as distroless static.`,
      fix: copyFix(subject, binary),
    };
  },
};

/** Databases, brokers and clusters mostly speak in the clear, or come with the certificate of their own authority. */
function isOfOwnNetwork(path: string): boolean {
  return /^(?:k8s\.io|sigs\.k8s\.io|gorm\.io|go\.etcd\.io|go\.mongodb\.org|go\.opentelemetry\.io)\/|^github\.com\/(?:ClickHouse|IBM|Shopify|docker|elastic|eclipse|go-redis|go-sql-driver|hashicorp\/(?:consul|vault)|influxdata|jackc|lib\/pq|microsoft|nats-io|rabbitmq|redis|segmentio|twmb)(?:\/|$)/.test(
    path,
  );
}

/** By a COPY, a package, or a variable that names others. */
function bringsCertificates({ target }: LintSubject): boolean {
  return lineageSteps(target, 'COPY', 'ADD', 'RUN', 'ENV').some(({ step: { instruction } }) =>
    /cert|ssl|SSL_CERT|\.pem\b|\.crt\b|rootfs|\/etc\/?(?:\s|$)/i.test(instruction.original),
  );
}

/** From a stage whose image is known to have the bundle. */
function copyFix(subject: LintSubject, { copy }: ShippedBinary): Fix | undefined {
  const { from, step } = copy;
  if (!from || copy.stage !== subject.target || stageTraits(from)?.hasCaCertificates !== true) return undefined;
  const name = step.instruction.flags.find((flag) => flag.name === 'from')?.value;
  const edits = [insertAfter(subject, step.instruction, [`COPY --from=${name} ${BUNDLE} /etc/ssl/certs/`])];
  return { title: 'Copy the CA certificates from the build stage', safety: 'suggested', edits };
}
