import { Backoff } from "./backoff";

/**
 * Loads something anew whenever it is asked to, but so that loading takes a tenth of the time at most. A load that fails says so
 * itself, and is tried again by and by.
 */
export class Reload {
  private isBusy = false;
  private isStale = false;
  private isClosed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly backoff = new Backoff(() => this.ask());

  /** `load`: rejects where it failed. `least`: milliseconds between two loads at least. */
  constructor(
    private readonly load: () => Promise<void>,
    private readonly least = 300,
  ) {}

  ask(): void {
    if (this.isBusy) this.isStale = true;
    else if (!this.isClosed) void this.run();
  }

  /** Somebody does not want to wait until what failed is tried again. */
  readonly again = (): void => this.backoff.now();

  close(): void {
    this.isClosed = true;
    this.backoff.close();
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    this.isStale = false;
    const begun = performance.now();
    const hasLoaded = await this.load().then(() => true, () => false);
    if (this.isClosed) return;
    if (hasLoaded) this.backoff.succeeded();
    else this.backoff.failed();
    this.timer = setTimeout(() => {
      this.isBusy = false;
      if (this.isStale) void this.run();
    }, Math.max(this.least, 9 * (performance.now() - begun)));
  }
}
