import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoWorld } from '../../sources/demo';
import { FakeRunSource } from '../../sources/fake';
import { FIRST_CHOICES, parseChoices, type INoticeChoices } from '../choices';
import { Claims, type ILocks } from '../claims';
import { SeenMemory } from '../seen';
import { isWanted, tell, type IMessage } from '../teller';
import { stallsAfter, watchRuns, type INotice } from '../watch';

/** Locks of all pages, as the browser has them. */
function browserLocks(): ILocks {
  const held = new Set<string>();
  return {
    request: async (name, _options, act) => {
      if (held.has(name)) {
        return act(null);
      }
      held.add(name);
      await act({ name });
      held.delete(name);
    }
  };
}

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value)
  };
}

const flush = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(2000);
};

/** A tab: watches the source and keeps what it shows. */
function openTab(
  source: FakeRunSource,
  claims: Claims,
  change: Partial<INoticeChoices> = {},
  hidden = false,
  session = memory()
) {
  const shown: IMessage[] = [];
  const choices = { ...FIRST_CHOICES, ...change };
  const host = {
    choices: () => choices,
    hidden: () => hidden,
    lookedAt: () => false,
    show: (message: IMessage) => void shown.push(message),
    wait: (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
  };
  const watching = watchRuns({
    source,
    fromBeginning: false,
    seen: new SeenMemory(session, 'w'),
    stallMs: () => (choices.stalls ? choices.stallMinutes * 60_000 : null),
    onNotice: (notice, me) => void tell(notice, me, source, claims, host)
  });
  return { shown, close: () => watching.dispose() };
}

describe('notices of runs', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const end = (source: FakeRunSource, status: 'Completed' | 'Failed' = 'Completed'): void =>
    void source.patchRun('mixup', {
      status,
      ended_ms: Date.now() + 1000,
      reason: 'Out of memory.'
    });

  it('tell what ended while the tab was loaded again, but not what ended long ago', async () => {
    const source = new FakeRunSource(demoWorld());
    const [claims, session] = [new Claims(memory(), null), memory()];
    openTab(source, claims, {}, false, session).close();
    await flush();
    const before = openTab(source, claims, {}, false, session);
    await flush();
    before.close();
    end(source);
    const after = openTab(source, claims, {}, false, session);
    await flush();
    expect(after.shown.map(message => message.run)).toEqual(['mixup']);
    after.close();

    await vi.advanceTimersByTimeAsync(6 * 60_000);
    void source.patchRun('mixup', { ended_ms: Date.now() });
    const late = openTab(source, new Claims(memory(), null), {}, false, session);
    await flush();
    expect(late.shown).toEqual([]);
    late.close();
  });

  it('leave out the runs of others also right after a reload', async () => {
    const source = new FakeRunSource(demoWorld());
    const session = memory();
    const before = openTab(source, new Claims(memory(), null), {}, false, session);
    await flush();
    before.close();
    void source.patchRun('mixup', { user: 'somebody else' });
    end(source);
    const after = openTab(source, new Claims(memory(), null), {}, false, session);
    await flush();
    expect(after.shown).toEqual([]);
    after.close();
  });

  it.each([
    ['a lock', browserLocks()],
    ['no lock', null]
  ])('are given by one of several tabs, with %s', async (_how, locks) => {
    const source = new FakeRunSource(demoWorld());
    const storage = memory();
    const tabs = [1, 2, 3].map(() => openTab(source, new Claims(storage, locks)));
    await flush();
    end(source);
    await flush();
    const all = tabs.flatMap(tab => tab.shown);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ run: 'mixup', level: 'success' });
    expect(all[0]?.text).toMatch(/mixup 412 completed/);
  });

  it('are given by one tab also where the others read an old storage', async () => {
    const [source, locks] = [new FakeRunSource(demoWorld()), browserLocks()];
    const tabs = [1, 2].map(() => openTab(source, new Claims(memory(), locks)));
    await flush();
    end(source);
    await flush();
    expect(tabs.flatMap(tab => tab.shown)).toHaveLength(1);
  });

  it('are not given again after a reload, nor for what ended before the page', async () => {
    const source = new FakeRunSource(demoWorld());
    const storage = memory();
    const first = openTab(source, new Claims(storage, null));
    await flush();
    expect(first.shown).toHaveLength(0);
    end(source, 'Failed');
    await flush();
    expect(first.shown).toMatchObject([
      { level: 'error', text: expect.stringMatching(/failed\. ./) as string }
    ]);
    first.close();
    const again = openTab(source, new Claims(storage, null));
    await flush();
    end(source, 'Failed');
    await flush();
    expect(again.shown).toHaveLength(0);
  });

  it('come from the tab that is seen when there is one', async () => {
    const source = new FakeRunSource(demoWorld());
    const storage = memory();
    const hidden = openTab(source, new Claims(storage, null), {}, true);
    const seen = openTab(source, new Claims(storage, null));
    await flush();
    end(source);
    await flush();
    expect([hidden.shown.length, seen.shown.length]).toEqual([0, 1]);
  });

  it('tell of what ended while the connection was lost', async () => {
    const source = new FakeRunSource(demoWorld());
    const tab = openTab(source, new Claims(memory(), null));
    await flush();
    source.lose();
    end(source);
    await flush();
    expect(tab.shown).toHaveLength(0);
    source.heal();
    await flush();
    expect(tab.shown).toHaveLength(1);
  });

  it('leave out what is not wanted', async () => {
    const source = new FakeRunSource(demoWorld());
    const tab = openTab(source, new Claims(memory(), null), { ends: false, stalls: false });
    await flush();
    end(source);
    await flush();
    expect(tab.shown).toHaveLength(0);
    const notice: INotice = {
      kind: 'failed',
      key: 'k',
      run: 'r',
      user: 'ada',
      summary: null,
      silent_ms: null
    };
    expect(isWanted(notice, FIRST_CHOICES, 'mara')).toBe(false);
    expect(isWanted(notice, { ...FIRST_CHOICES, onlyMine: false }, 'mara')).toBe(true);
  });

  it('tell once of each silence, by the server’s clock', () => {
    const runs = [
      { run_id: 'quiet', user: 'mara', last_ms: 1000 },
      { run_id: 'busy', user: 'mara', last_ms: 9500 }
    ];
    const activity = { runs, now_ms: 10_000, user: 'mara' };
    const [found, ...more] = stallsAfter(activity, 5000, 4000);
    expect(more).toHaveLength(0);
    expect(found).toMatchObject({ run: 'quiet', key: 'quiet/stalled/1000', silent_ms: 9000 });
    expect(stallsAfter(activity, 5000, 7000)).toHaveLength(0);
  });

  it('take their defaults where a setting is not right', () => {
    expect(parseChoices({ ends: 'yes', stallMinutes: -1, browser: true })).toEqual({
      ...FIRST_CHOICES,
      browser: true
    });
  });
});
