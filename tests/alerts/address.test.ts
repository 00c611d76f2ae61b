import { expect, test } from 'vitest';
import { addressProblem, mayReach } from '../../main/api/webhook-address.ts';

test.each([
  ['https://hooks.example/in', false],
  ['https://hooks.example:8443/in?team=desk', false],
  ['https://93.184.216.34/in', false],
  ['http://127.0.0.1:9000/in', true],
  ['http://localhost:9000/in', true],
  ['http://[::1]:9000/in', true],
  ['https://10.1.2.3/in', true],
])('%s is taken', (address, allowPrivate) => {
  expect(addressProblem(address, allowPrivate)).toBeNull();
});

test.each([
  ['not an address', false, /not a valid/],
  ['ftp://hooks.example/in', false, /not a valid/],
  ['http://hooks.example/in', true, /https only/],
  ['https://desk:secret@hooks.example/in', false, /user name or password/],
  ['https://hooks.example/in#part', false, /after #/],
  ['http://127.0.0.1:9000/in', false, /Allow private/],
  ['https://localhost/in', false, /Allow private/],
  ['https://192.168.1.20/in', false, /Allow private/],
  ['https://2130706433/in', false, /Allow private/],
  ['https://0x7f.1/in', false, /Allow private/],
  ['https://[::ffff:10.0.0.1]/in', false, /Allow private/],
  ['https://169.254.169.254/latest/meta-data', true, /No messages/],
  ['https://[fe80::1]/in', true, /No messages/],
  ['https://0.0.0.0/in', true, /No messages/],
])('%s is refused', (address, allowPrivate, why) => {
  expect(addressProblem(address, allowPrivate)).toMatch(why);
});

test.each([
  ['127.0.0.1', false, true],
  ['10.255.0.1', false, true],
  ['100.64.0.1', false, true],
  ['172.31.255.255', false, true],
  ['fd00::1', false, true],
  ['::ffff:192.168.0.1', false, true],
  ['172.32.0.1', true, true],
  ['8.8.8.8', true, true],
  ['2606:4700::1111', true, true],
  ['169.254.169.254', false, false],
  ['::ffff:169.254.169.254', false, false],
  ['64:ff9b::a9fe:a9fe', false, false],
  ['224.0.0.1', false, false],
  ['::', false, false],
])('%s: reached from outside %s, with private addresses allowed %s', (address, outside, allowed) => {
  expect([mayReach(address, false), mayReach(address, true)]).toEqual([outside, allowed]);
});
