import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkMount, mountOptions, parseMount } from './mount.ts';

describe('parseMount', () => {
  test('is a read-only bind mount unless told', () => {
    const mount = parseMount('source=a,target=/b');
    assert.deepEqual([mount.type, mount.source, mount.target, mount.readOnly], ['bind', 'a', '/b', true]);
  });

  test('knows the type’s default for writing, which either spelling overrides', () => {
    const readOnly = (text: string): boolean => parseMount(text).readOnly;
    assert.deepEqual(
      ['type=bind', 'type=secret,id=a', 'type=ssh', 'type=cache', 'type=tmpfs', 'rw', 'type=cache,ro', 'ro=0'].map(
        readOnly,
      ),
      [true, true, true, false, false, false, true, false],
    );
  });

  test('reads every option of its type', () => {
    const { options, ...mount } = parseMount(
      'TYPE=Cache,dst=/a,id=b,sharing=LOCKED,mode=0750,uid=1,gid=2,from=c,src=d',
    );
    assert.equal(options.length, 9);
    assert.deepEqual(mount, {
      type: 'cache',
      target: '/a',
      id: 'b',
      sharing: 'locked',
      mode: 0o750,
      uid: 1,
      gid: 2,
      from: 'c',
      source: 'd',
      readOnly: false,
      required: false,
    });
    assert.equal(parseMount('type=tmpfs,target=/a,size=64m').size, 67_108_864);
    assert.deepEqual(
      ['', ',required', ',required=false', ',env=A'].map((more) => parseMount(`type=secret,id=a${more}`).required),
      [false, true, false, false],
    );
  });

  test('expands the value of every key, and no key', () => {
    const expand = (value: string): string => value.replace('$x', 'cache');
    const mount = parseMount('type=$x,id=$x-id,target=/$x', { expand });
    assert.deepEqual([mount.type, mount.id, mount.target], ['cache', 'cache-id', '/cache']);
    assert.deepEqual(mountOptions('A=$x,ro'), [
      { key: 'a', value: '$x' },
      { key: 'ro', value: undefined },
    ]);
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['type=cahce', /"type" cannot be "cahce"/],
    ['tagret=/a', /no option "tagret"/],
    ['target', /needs a value/],
    ['type=cache,required', /cache mount takes no option "required"/],
    ['required,type=secret,id=a', /bind mount takes no option "required"/],
    ['size=1m', /bind mount takes no option "size"/],
    ['type=tmpfs,size=x', /"size" cannot be "x"/],
    ['mode=755', /bind mount takes no option "mode"/],
    ['type=cache,mode=9', /"mode" cannot be "9"/],
    ['type=cache,uid=-1', /"uid" cannot be "-1"/],
    ['type=secret', /needs an id/],
    ['type=secret,id=a,src=b', /not both/],
    ['type=secret,id=a,from=b', /takes no option "from"/],
    ['type=ssh,sharing=locked', /takes no option "sharing"/],
    ['ro=maybe', /"ro" cannot be "maybe"/],
  ];
  for (const [text, message] of wrong) {
    test(`refuses ${text}`, () => assert.throws(() => parseMount(text), { code: 'DOCKERFILE_INVALID_VALUE', message }));
  }

  test('has a suggestion for keys and values', () => {
    assert.throws(() => parseMount('tagret=/a'), { hint: 'Did you mean target?' });
    assert.throws(() => parseMount('type=cahce'), { hint: 'Did you mean cache?' });
  });
});

test('checkMount refuses a variable in "from" and waits with everything else', () => {
  checkMount('type=$t,foo=bar,from=a$');
  assert.throws(() => checkMount('from=$stage'), { code: 'DOCKERFILE_INVALID_VALUE' });
});
