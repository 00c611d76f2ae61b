import { BlockList, isIP } from 'node:net';

/** Of networks behind the door: this machine, private networks, the carrier's own. Reached only where a person allowed it. */
const PRIVATE = new BlockList();
/** Never a receiver: link-local (where clouds keep their credentials), multicast, reserved, and ways to write a private address as another. */
const NEVER = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  NEVER.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['64:ff9b::', 96],
  ['2001::', 32],
  ['2002::', 16],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  NEVER.addSubnet(net, prefix, 'ipv6');

/** Whether messages may be sent to this network address; addresses of private networks only where that is allowed. */
export function mayReach(address: string, allowPrivate: boolean): boolean {
  const kind = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !NEVER.check(address, kind) && (allowPrivate || !PRIVATE.check(address, kind));
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** What is wrong with an address that messages are to be sent to, as a sentence; null when nothing is. */
export function addressProblem(address: string, allowPrivate: boolean): string | null {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'The address is not a valid https address.';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.username !== '' || url.password !== '')
    return 'The address holds a user name or password. Messages are signed instead; leave it out.';
  if (url.hash !== '') return 'The address has a part after #, which is never sent. Leave it out.';
  if (url.protocol === 'http:' && !isLoopback(host)) return 'Messages are sent by https only, except to this computer.';
  const literal = isIP(host) !== 0;
  if (!allowPrivate && (isLoopback(host) || (literal && !mayReach(host, false) && mayReach(host, true))))
    return 'The address is of this computer or a private network. Allow private addresses for it if that is meant.';
  if (literal && !mayReach(host, allowPrivate)) return 'No messages are sent to addresses of this kind.';
  return null;
}
