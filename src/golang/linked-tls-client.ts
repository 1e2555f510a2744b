import { isClientPackage } from './facts/tls-clients.ts';
import type { FunctionSize } from './go-functions.ts';

/** Code that only clients run. The linker leaves out what nothing calls, so a server alone has none of it, although it has crypto/tls. */
const CLIENT_FUNCTIONS = new Set([
  'net/http.(*Transport).roundTrip',
  'net/smtp.(*Client).StartTLS',
  'crypto/tls.dial',
  'google.golang.org/grpc/credentials.(*tlsCreds).ClientHandshake',
]);

/** A function or a package in a program that makes it a client of TLS; undefined when none that is known is there. */
export function linkedTlsClient(functions: readonly Pick<FunctionSize, 'name' | 'packageName'>[]): string | undefined {
  return (
    functions.find(({ name }) => CLIENT_FUNCTIONS.has(name))?.name ??
    functions.find(({ packageName }) => isClientPackage(packageName))?.packageName
  );
}
