import { type Check, failed, notApplicable, passed } from '../check.ts';
import { goPrograms } from '../start-program.ts';

/** Where crypto/x509 looks on Linux (root_linux.go): files, then directories. */
const FILES = [
  'etc/ssl/certs/ca-certificates.crt',
  'etc/pki/tls/certs/ca-bundle.crt',
  'etc/ssl/ca-bundle.pem',
  'etc/pki/tls/cacert.pem',
  'etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  'etc/ssl/cert.pem',
];
const DIRECTORIES = ['etc/ssl/certs', 'etc/pki/tls/certs'];
const EMBEDDED = 'golang.org/x/crypto/x509roots/fallback';

export const caCertificates: Check = {
  name: 'ca-certificates',
  title: 'has the certificates that TLS needs',
  level: 'warning',
  hint: 'COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/, or use a base that has them.',
  run(image) {
    const file = FILES.find((path) => (image.tree.find(path)?.node.content?.sizeBytes ?? 0) > 0);
    if (file) return passed('certificates of authorities', { path: file });
    const directory = DIRECTORIES.find((path) => (image.tree.find(path)?.node.children?.size ?? 0) > 0);
    if (directory) return passed('directory of certificates', { path: directory });
    const [user] = goPrograms(image).filter(({ facts }) => facts.go?.tlsClient !== undefined);
    if (!user) return notApplicable('no Go program here is a client of TLS');
    if (user.facts.go?.packages.has(EMBEDDED)) return passed('they are built in', { path: user.path });
    const text = `it has ${user.facts.go?.tlsClient}, and there are no certificates to check a server by`;
    return failed({ text, path: user.path });
  },
};
