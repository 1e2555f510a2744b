import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { entrypointNotInImage as rule } from './entrypoint-not-in-image.ts';

const head = 'FROM golang:1.26 AS build\nRUN go build -o /out/server .\nFROM scratch\n';

describe('entrypoint-not-in-image', () => {
  testFindings(
    rule,
    {
      'COPY --from=build /out/server /server\nENTRYPOINT ["/app"]': [
        '5:12 Nothing is at /app: the binary lies at /server.',
      ],
      'COPY --from=build /out/server /bin/server\nENTRYPOINT ["/server"]': [
        '5:12 Nothing is at /server: the binary lies at /bin/server.',
      ],
      'WORKDIR /srv\nCOPY --from=build /out/server /\nCMD ["./server"]': [
        '6:5 Nothing is at /srv/server: the binary lies at /server.',
      ],
      'COPY app /app\nENTRYPOINT ["/server"]': ['5:12 Nothing is at /server.'],
      'COPY --from=build /out/server /server\nENTRYPOINT ["/server"]': [],
      'COPY --from=build /out/server /\nENTRYPOINT ["/server"]': [],
      'COPY --from=build /out/ /\nENTRYPOINT ["/server"]': [],
      'COPY --from=build /out /srv\nENTRYPOINT ["/srv/server"]': [],
      'WORKDIR /srv\nCOPY --from=build /out/server .\nCMD ["./server"]': [],
      'COPY --from=build /out/server /server\nENTRYPOINT ["server"]': [],
      'ADD rootfs.tar /\nENTRYPOINT ["/server"]': [],
      'COPY --from=build /out/* /\nENTRYPOINT ["/server"]': [],
      'FROM alpine\nCOPY app /app\nENTRYPOINT ["/bin/sh"]': [],
    },
    { head },
  );
});
