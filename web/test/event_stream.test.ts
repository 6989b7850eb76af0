import { describe, expect, it } from 'vitest';
import { EventStreamParser } from '../src/api/event_stream';

const text =
  ': hello\nretry: 1000\n\nevent: tick\ndata: {"a":1}\n\nevent: tick\r\ndata: one\r\ndata: two\r\n\r\ndata:x\n\n';
const events = [
  { name: 'tick', data: '{"a":1}' },
  { name: 'tick', data: 'one\ntwo' },
  { name: 'message', data: 'x' },
];

describe('the event stream', () => {
  it('is read whole', () => {
    expect(new EventStreamParser().feed(text)).toEqual(events);
  });

  it('is read alike wherever it is cut', () => {
    for (let cut = 1; cut < text.length; cut += 1) {
      const parser = new EventStreamParser();
      const got = [...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut))];
      expect(got, `cut at ${cut}`).toEqual(events);
    }
  });
});
