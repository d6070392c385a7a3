import { describe, expect, it } from 'vitest';
import { WatchedWorkspaces } from '../workspaces';

const named = (id: string) => ({ id, name: id, is_default: false, location: '/', created_ms: 0 });

describe('watched workspaces', () => {
  const log: string[] = [];
  let there: readonly string[] | null = ['a'];
  const list = async () => {
    if (!there) {
      throw new Error('away');
    }
    return there.map(named);
  };
  const workspaces = new WatchedWorkspaces(list, ({ id }, made) => {
    log.push(made ? `${id} made` : id);
    return { dispose: () => void log.push(`${id} gone`) };
  });
  const after = async (ids: readonly string[] | null): Promise<readonly string[]> => {
    there = ids;
    log.length = 0;
    await workspaces.look();
    return [...log];
  };

  it('are watched once, left when they go, and old when they come back', async () => {
    expect(await after(['a'])).toEqual(['a']);
    expect(await after(['a', 'b'])).toEqual(['b made']);
    expect(await after(null)).toEqual([]);
    expect(await after(['b'])).toEqual(['a gone']);
    expect(await after(['a', 'b'])).toEqual(['a']);
  });

  it('are only so many at a time; one that gets room is not made by that', async () => {
    const many = Array.from({ length: 22 }, (_, i) => `m${i}`);
    expect((await after(['a', ...many])).length).toBe(1 + 19);
    expect(await after(['a', ...many.slice(1)])).toEqual(['m0 gone', 'm19']);
  });
});
