import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRACE, Memory } from './memory.ts';
import { retryDelay } from './retry.ts';

class Store {
  readonly items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

const credential = { id: '2001', password: 'secret', extension: '2003' };

test('id, extension and language last; the password does not', () => {
  const lasting = new Store();
  const tab = new Store();
  const memory = new Memory(lasting, tab);
  memory.remember({ id: '2001', extension: '2003' });
  memory.remember({ language: 'fr' });
  memory.keep(credential, 1000);
  assert.deepEqual(memory.recall(), { id: '2001', extension: '2003', language: 'fr' });
  assert.ok(![...lasting.items.values()].join().includes('secret'));
});

test('the credential of a tab lives for the grace and no longer', () => {
  const tab = new Store();
  const memory = new Memory(new Store(), tab);
  memory.keep(credential, 1000);
  assert.deepEqual(memory.credential(1000 + GRACE - 1), credential);
  assert.equal(memory.credential(1000 + GRACE), undefined);
  assert.equal(tab.items.size, 0, 'an old one is thrown away');
  memory.keep(credential, 5000);
  assert.equal(memory.credential(4999), undefined, 'nor one from the future');
  const mobile = { mode: 'CALL_BY_CALL', dialNumber: '5550142' };
  memory.keep({ ...credential, mobile }, 1000);
  assert.deepEqual(memory.credential(1001), { ...credential, mobile });
  memory.keep(credential, 1000);
  memory.forget();
  assert.equal(memory.credential(1001), undefined);
  memory.keep(credential, 1000);
  assert.equal(memory.expired(1000 + GRACE - 1), undefined, 'it is still good');
  assert.deepEqual(memory.expired(1000 + GRACE), { credential, stamp: 1000 });
  assert.equal(memory.expired(1000 + GRACE), undefined, 'it is forgotten');
});

test('stores that refuse or hold nonsense do no harm', () => {
  const refuse = (): never => {
    throw new Error('denied');
  };
  const broken = new Memory(
    { getItem: refuse, setItem: refuse },
    { getItem: refuse, setItem: refuse, removeItem: refuse },
  );
  broken.remember({ id: '1' });
  broken.keep(credential, 0);
  assert.deepEqual(broken.recall(), {});
  assert.equal(broken.credential(0), undefined);
  for (const nonsense of ['{', 'null', '[]', '{"id":5}', '"x"']) {
    const store = new Store();
    store.items.set('tact.remembered', nonsense);
    store.items.set('tact.tab', nonsense);
    const memory = new Memory(store, store);
    assert.deepEqual(memory.recall(), {});
    assert.equal(memory.credential(0), undefined);
  }
});

test('retries back off to twenty seconds and never all at once', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map((n) => retryDelay(n, 0)), [1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]); // prettier-ignore
  assert.equal(retryDelay(0, 0.999), 750);
});
