import { readFileSync, writeFileSync } from 'node:fs';
import { describeCall } from './describe-call.ts';

// Run by hand after a change to the tables: puts them between the marks of docs/call-states.md.
const page = new URL('../../../docs/call-states.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const written = text.replace(
  /(<!-- tables: written from the code -->\n)[\s\S]*(<!-- end of tables -->)/,
  (_all, before: string, after: string) => `${before}\n${describeCall()}\n\n${after}`,
);
writeFileSync(page, written);
