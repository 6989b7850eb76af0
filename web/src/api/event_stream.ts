// Reads text/event-stream from bytes as they arrive. (EventSource cannot send a bearer token; fetch can.)

export interface ServerEvent {
  name: string;
  data: string;
}

/** Feed it text in any pieces; it returns the events that became complete. */
export class EventStreamParser {
  private rest = '';
  private name = '';
  private data: string[] = [];

  feed(piece: string): ServerEvent[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const events: ServerEvent[] = [];
    for (const line of lines) {
      const event = this.take(line);
      if (event) events.push(event);
    }
    return events;
  }

  private take(line: string): ServerEvent | null {
    if (line === '') {
      const event = { name: this.name || 'message', data: this.data.join('\n') };
      const complete = this.data.length > 0;
      this.name = '';
      this.data = [];
      return complete ? event : null;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    if (field === 'data') this.data.push(value);
    return null;
  }
}
