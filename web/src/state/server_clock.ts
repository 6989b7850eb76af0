// The server's time: windows are cut by it, so that a wrong clock on the desk moves nothing.

export class ServerClock {
  private offset = 0;

  /** Takes the time that a status or a tick told. */
  hear(time: string): void {
    const told = Date.parse(time);
    if (!Number.isNaN(told)) this.offset = told - Date.now();
  }

  now(): number {
    return this.at(Date.now());
  }

  /** The server's time at a moment of the page's own clock. */
  at(local: number): number {
    return local + this.offset;
  }
}
