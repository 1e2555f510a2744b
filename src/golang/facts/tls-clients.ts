import type { Found } from '../module/go-module.ts';
import { distinct, type ProgramFile, type ProgramSources, placeIn } from './program-sources.ts';

/** Names of the standard library and of grpc that only clients use. */
const CLIENT_NAMES = new Set([
  'net/http.Client',
  'net/http.DefaultClient',
  'net/http.DefaultTransport',
  'net/http.Transport',
  'net/http.NewRequest',
  'net/http.NewRequestWithContext',
  'net/http.Get',
  'net/http.Head',
  'net/http.Post',
  'net/http.PostForm',
  'net/http/httputil.ReverseProxy',
  'net/http/httputil.NewSingleHostReverseProxy',
  'net/smtp.SendMail',
  'crypto/tls.Dial',
  'crypto/tls.DialWithDialer',
  'crypto/tls.Dialer',
  'crypto/tls.Client',
  'crypto/x509.SystemCertPool',
  'google.golang.org/grpc/credentials.NewTLS',
  'google.golang.org/grpc/credentials.NewClientTLSFromCert',
  'google.golang.org/grpc/credentials.NewClientTLSFromFile',
]);

/** Packages that are clients of services elsewhere, by the beginning of their path. */
const CLIENT_PACKAGES = [
  'cloud.google.com/go',
  'firebase.google.com/go',
  'github.com/Azure/azure-sdk-for-go',
  'github.com/ClickHouse/clickhouse-go',
  'github.com/IBM/sarama',
  'github.com/Shopify/sarama',
  'github.com/aws/aws-sdk-go',
  'github.com/bradleyfalzon/ghinstallation',
  'github.com/coreos/go-oidc',
  'github.com/docker/docker/client',
  'github.com/eclipse/paho.mqtt.golang',
  'github.com/elastic/go-elasticsearch',
  'github.com/getsentry/sentry-go',
  'github.com/go-redis/redis',
  'github.com/go-resty/resty',
  'github.com/go-sql-driver/mysql',
  'github.com/google/go-containerregistry',
  'github.com/google/go-github',
  'github.com/hashicorp/consul/api',
  'github.com/hashicorp/go-retryablehttp',
  'github.com/hashicorp/vault/api',
  'github.com/imroc/req',
  'github.com/influxdata/influxdb-client-go',
  'github.com/jackc/pgx',
  'github.com/lib/pq',
  'github.com/microsoft/go-mssqldb',
  'github.com/minio/minio-go',
  'github.com/nats-io/nats.go',
  'github.com/rabbitmq/amqp091-go',
  'github.com/redis/go-redis',
  'github.com/segmentio/kafka-go',
  'github.com/slack-go/slack',
  'github.com/stripe/stripe-go',
  'github.com/twmb/franz-go',
  'go.etcd.io/etcd/client',
  'go.mongodb.org/mongo-driver',
  'go.opentelemetry.io/otel/exporters/otlp',
  'golang.org/x/crypto/acme',
  'golang.org/x/oauth2',
  'google.golang.org/api',
  'gorm.io/driver/mysql',
  'gorm.io/driver/postgres',
  'k8s.io/client-go',
  'sigs.k8s.io/controller-runtime',
];

/** What needs certificates of authorities in the image: calls of clients, and packages that are some. */
export function tlsClients({ files }: ProgramSources): readonly Found[] {
  return distinct(files.flatMap((file) => [...clientNames(file), ...clientPackages(file)]));
}

function clientNames(file: ProgramFile): readonly Found[] {
  if (speaksToItselfOnly(file)) return [];
  return [...file.source.references].flatMap(([reference, line]) =>
    CLIENT_NAMES.has(reference) ? [{ value: reference, at: placeIn(file, line) }] : [],
  );
}

/** A file whose only URLs are of this machine or in the clear checks its own health, most likely. */
function speaksToItselfOnly({ source }: ProgramFile): boolean {
  const urls = [...source.strings.keys()].filter((text) => /^https?:\/\//.test(text));
  return urls.length > 0 && urls.every((url) => /^http:\/\/(?:$|localhost|127\.|\[::1\]|%s|0\.0\.0\.0)/.test(url));
}

function clientPackages(file: ProgramFile): readonly Found[] {
  return file.source.imports.flatMap(({ path, line }) =>
    isClientPackage(path) ? [{ value: path, at: placeIn(file, line) }] : [],
  );
}

/** Known to speak to services elsewhere, by its import path. */
export function isClientPackage(path: string): boolean {
  return CLIENT_PACKAGES.some(
    (prefix) => path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}-`),
  );
}
