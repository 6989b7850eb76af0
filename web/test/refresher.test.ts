import { beforeEach, describe, expect, it } from 'vitest';
import { Refused, SignInNeeded, Unreachable } from '../src/api/client';
import { Refresher, statusKey } from '../src/state/refresher';

let now = 0;
let refresher: Refresher;
let asked: string[];
let answers: Map<string, () => unknown>;

function watch(key: string, every = 2000): () => void {
  return refresher.watch(
    key,
    every,
    () => {
      asked.push(key);
      const answer = answers.get(key);
      return new Promise((resolve) => resolve(answer ? answer() : `${key} at ${now}`));
    },
    () => undefined,
  );
}

/** Lets answers arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

async function pumpAt(time: number): Promise<string[]> {
  now = time;
  asked = [];
  refresher.pump();
  await settle();
  return asked;
}

function refuse(key: string, error: Error): void {
  answers.set(key, () => {
    throw error;
  });
}

beforeEach(() => {
  now = 0;
  asked = [];
  answers = new Map();
  refresher = new Refresher(() => now);
});

describe('the refresher', () => {
  it('asks for the status alone before anything else', async () => {
    watch('events');
    expect(asked).toEqual([]);
    watch(statusKey);
    expect(asked).toEqual([statusKey]);
    await settle();
    expect(asked).toContain('events');
    expect(refresher.connection.phase).toBe('connected');
  });

  it('asks again only when a question is due and watched', async () => {
    watch(statusKey);
    const forget = watch('events', 5000);
    await settle();
    expect(await pumpAt(1000)).toEqual([]);
    expect(await pumpAt(2500)).toEqual([statusKey]);
    expect(await pumpAt(5000)).toEqual([statusKey, 'events']);
    forget();
    expect(await pumpAt(60_000)).toEqual([statusKey]);
  });

  it('asks again on time after an answer that took long', async () => {
    watch(statusKey);
    watch('events', 900);
    await settle();
    let arrive: (value: string) => void = () => undefined;
    answers.set('events', () => new Promise<string>((resolve) => (arrive = resolve)));
    expect(await pumpAt(1000)).toContain('events');
    expect(await pumpAt(1600)).not.toContain('events');
    arrive('late');
    await settle();
    expect(refresher.snapshot('events').value).toBe('late');
    expect(await pumpAt(2000)).toContain('events');
  });

  it('keeps the last values and tries with growing pauses while the server is away', async () => {
    watch(statusKey);
    watch('events');
    await settle();
    refuse(statusKey, new Unreachable('no connection'));
    refuse('events', new Unreachable('no connection'));
    await pumpAt(10_000);
    expect(refresher.connection).toMatchObject({ phase: 'broken', retryAt: 11_000 });
    expect(refresher.snapshot('events').value).toBe('events at 0');
    expect(await pumpAt(10_900)).toEqual([]);
    expect(await pumpAt(11_000)).toEqual([statusKey]);
    expect(refresher.connection.retryAt).toBe(13_000);
    expect(await pumpAt(13_000)).toEqual([statusKey]);
    expect(refresher.connection.retryAt).toBe(17_000);
  });

  it('asks for everything once the server is back', async () => {
    watch(statusKey);
    watch('events', 60_000);
    await settle();
    refuse(statusKey, new Unreachable('no connection'));
    await pumpAt(10_000);
    answers.clear();
    expect(await pumpAt(11_000)).toContain('events');
    expect(refresher.connection).toMatchObject({ phase: 'connected', trouble: null });
    expect(refresher.snapshot('events').value).toBe('events at 11000');
  });

  it('goes on with the others when one question is refused', async () => {
    watch(statusKey);
    watch('events');
    watch('orders');
    await settle();
    refuse('orders', new Refused(500, '500 Internal error'));
    await pumpAt(2000);
    expect(refresher.connection.phase).toBe('connected');
    expect(refresher.snapshot('orders')).toMatchObject({
      value: 'orders at 0',
      error: '500 Internal error',
    });
    expect(refresher.snapshot('events').value).toBe('events at 2000');
  });

  it('stops asking when a token is wanted, and starts again with one', async () => {
    refuse(statusKey, new SignInNeeded('401'));
    watch(statusKey);
    await settle();
    expect(refresher.connection.phase).toBe('signed-out');
    expect(await pumpAt(60_000)).toEqual([]);
    answers.clear();
    refresher.retryNow();
    await settle();
    expect(refresher.connection.phase).toBe('connected');
  });
});
