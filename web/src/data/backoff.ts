/** When to try again what failed: after a second, then after twice as long each time, half a minute at most. */
const [SOONEST, LATEST] = [1000, 30_000];

export class Backoff {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wait = SOONEST;
  private isClosed = false;

  constructor(private readonly again: () => void) {}

  failed(): void {
    clearTimeout(this.timer);
    if (this.isClosed) return; // what failed was under way still
    this.timer = setTimeout(this.again, this.wait);
    this.wait = Math.min(LATEST, this.wait * 2);
  }

  succeeded(): void {
    clearTimeout(this.timer);
    this.wait = SOONEST;
  }

  /** Somebody does not want to wait. */
  now(): void {
    this.succeeded();
    this.again();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }
}
