/** Loads something anew whenever it is asked to, but so that loading takes a tenth of the time at most. */
export class Reload {
  private isBusy = false;
  private isStale = false;
  private isClosed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `least`: milliseconds between two loads at least. */
  constructor(
    private readonly load: () => Promise<void>,
    private readonly least = 300,
  ) {}

  ask(): void {
    if (this.isBusy) this.isStale = true;
    else if (!this.isClosed) void this.run();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    this.isStale = false;
    const begun = performance.now();
    await this.load();
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.isBusy = false;
      if (this.isStale) void this.run();
    }, Math.max(this.least, 9 * (performance.now() - begun)));
  }
}
