import { BlockList, isIP } from 'node:net'

/** What is no address of the internet: the registries of RFC 6890 for IPv4 and IPv6, and the metadata service that has a public one. */
const NOT_PUBLIC = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  // Unspecified, loopback, and IPv4 written as IPv6 in the way of RFC 4291; `::ffff:` is checked as the IPv4 that it is.
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6')

/** Whether an address is private, loopback, link-local or otherwise not of the internet. What is no address counts as one. */
export function isPrivate(address: string): boolean {
  const family = isIP(address)
  return family === 0 || NOT_PUBLIC.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
