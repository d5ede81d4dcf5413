/** What is called: an address as it is, `bob@lab.test` as a SIP address, a name alone within the domain. */
export function toSipAddress(to: string, domain: string): string {
  if (/^(sips?|tel):/.test(to)) return to;
  return `sip:${to.includes('@') ? to : `${to}@${domain}`}`;
}
