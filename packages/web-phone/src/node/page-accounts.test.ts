import { describe, expect, it } from 'vitest';
import { PageAccounts } from './page-accounts.ts';

function accounts(registered: Set<string>) {
  const passwords = new Map<string, string>();
  const clock = { now: 0 };
  const made = new PageAccounts(
    {
      addUser: async (name, password) => void passwords.set(name, password),
      isRegistered: async (name) => registered.has(name),
    },
    () => clock.now,
  );
  return { made, passwords, clock };
}

const passwordOf = (issued: object): string => String((issued as { password?: string }).password);

describe('accounts of pages', () => {
  it('a name is one page’s as long as it is registered, or may be soon', async () => {
    const registered = new Set<string>();
    const { made, passwords, clock } = accounts(registered);
    const first = passwordOf(await made.issue('alice', undefined));
    expect(passwords.get('alice')).toBe(first);
    expect(await made.issue('alice', undefined)).toEqual({ error: 'the name alice is taken' });
    clock.now = 60_000;
    registered.add('alice');
    expect(await made.issue('alice', 'guessed')).toEqual({ error: 'the name alice is taken' });
    expect(await made.issue('alice', first)).toEqual({ password: first });
    registered.clear();
    const second = passwordOf(await made.issue('alice', undefined));
    expect(second).not.toBe(first);
    expect([made.admits('alice', first), made.admits('alice', second)]).toEqual([false, true]);
  });

  it("a phone's name is no page's", async () => {
    const { made } = accounts(new Set());
    const password = await made.addPhone('baresip');
    expect(await made.issue('baresip', password)).toEqual({ error: "baresip is a phone's name" });
    expect(made.admits('baresip', password)).toBe(false);
  });
});
