import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Reload } from "./reload";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tries again what failed, less and less often, until it is closed", async () => {
  const load = vi.fn(() => Promise.reject(new Error("away")));
  const reload = new Reload(load, 10);
  reload.ask();
  for (const [ms, calls] of [[0, 1], [1000, 2], [1000, 2], [1000, 3], [2000, 3], [2000, 4]] as const) {
    await vi.advanceTimersByTimeAsync(ms);
    expect(load).toHaveBeenCalledTimes(calls);
  }
  await vi.advanceTimersByTimeAsync(100);
  reload.again();
  await vi.advanceTimersByTimeAsync(0);
  expect(load).toHaveBeenCalledTimes(5);
  reload.close();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(load).toHaveBeenCalledTimes(5);
});

it("lets alone what has loaded, and loads once more what was asked for meanwhile", async () => {
  const load = vi.fn(() => Promise.resolve());
  const reload = new Reload(load, 10);
  reload.ask();
  reload.ask();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(load).toHaveBeenCalledTimes(2);
});
