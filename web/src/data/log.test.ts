import { expect, it } from "vitest";
import { LogWindow } from "./log";

const piece = (first: number, text: string, size = first + text.length) => ({
  first, last: first + text.length, text, size_bytes: size, is_ended: false, attempt: 1,
});
const text = (log: LogWindow) => log.pieces.map((each) => each.text).join("");

it("follows the end, and never holds more than it may", () => {
  const log = new LogWindow(50_000);
  for (let at = 0; at < 100; at += 1) log.take(piece(at * 10_000, "x".repeat(10_000)), true);
  expect([log.last, log.length <= 50_000, log.size]).toEqual([1_000_000, true, 1_000_000]);
  expect(log.first).toBe(log.last - log.length);
});

it("joins what comes in small pieces", () => {
  const log = new LogWindow();
  for (let at = 0; at < 1000; at += 1) log.take(piece(at * 5, "line\n"), true);
  expect([log.pieces.length, log.length]).toEqual([1, 5000]);
});

it("goes on at the end where the server left something out", () => {
  const log = new LogWindow();
  log.take(piece(0, "begin"), true);
  log.take(piece(1000, "end"), true);
  expect([text(log), log.first]).toEqual(["end", 1000]);
});

it("leaves what is looked at in its place", () => {
  const log = new LogWindow(10);
  log.take(piece(20, "abcdefgh"), true);
  log.prepend(piece(10, "0123456789"));
  log.take(piece(28, "later", 33), false);
  expect([text(log), log.last, log.size]).toEqual(["0123456789", 20, 33]);
  log.append(piece(20, "abcdefgh", 33));
  expect([log.last, log.length <= 18]).toEqual([28, true]);
});
