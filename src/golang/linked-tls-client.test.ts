import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkedTlsClient } from './linked-tls-client.ts';

for (const [title, functions, client] of [
  ['a server', ['net/http.(*Server).Serve', 'crypto/tls.(*Conn).serverHandshake'], undefined],
  ['a client of net/http', ['main.main', 'net/http.(*Transport).roundTrip'], 'net/http.(*Transport).roundTrip'],
  ['a client of crypto/tls', ['crypto/tls.dial'], 'crypto/tls.dial'],
  ["a database's driver", ['github.com/jackc/pgx/v5.Connect'], 'github.com/jackc/pgx/v5'],
] as const) {
  test(`${title} is ${client ? 'known by its code' : 'no client'}`, () => {
    const linked = functions.map((name) => ({
      name,
      packageName: name.slice(0, name.indexOf('.', name.lastIndexOf('/') + 1)),
    }));
    assert.equal(linkedTlsClient(linked), client);
  });
}
