import { describe, expect, it } from "vitest";
import { LogWindow } from "./log";
import { runsOf, written } from "./terminal";

describe("lines that were written over", () => {
  it.each([
    ["a\nb\n", "a\nb\n"],
    ["one\rtwo\rthree\nnext", "three\nnext"],
    ["windows\r\nlines\r\n", "windows\nlines\n"],
    ["\r 10%\r 20%\r", " 20%\r"],
    ["done\r", "done\r"],
    ["bar\r\r\nnext", "bar\nnext"],
    ["\r", "\r"],
    ["x".repeat(300_000) + "\ra", "a"],
  ])("the shown part of line %#", (text, shown) => expect(written(text)).toBe(shown));

  it("holds the last state of a progress bar, and where it is in the file", () => {
    const log = new LogWindow();
    let first = 0;
    for (let k = 0; k < 5000; k += 1) {
      const text = `\rstep ${k}`;
      log.take({ first, last: first + text.length, size_bytes: first + text.length, text, is_ended: false, attempt: 1 }, true);
      first += text.length;
    }
    expect([log.length, log.first, log.last]).toEqual(["step 4999".length, 0, first]);
    expect(log.pieces.map((piece) => piece.text).join("")).toBe("step 4999");
  });
});

describe("looks", () => {
  it("are classes", () => {
    const text = "\x1b[31mred\x1b[0m \x1b[1;32mbold green\x1b[39m bold\x1b[22m plain";
    expect(runsOf(text)).toEqual([
      { text: "red", classes: "ansi-1" },
      { text: " ", classes: "" },
      { text: "bold green", classes: "ansi-bold ansi-2" },
      { text: " bold", classes: "ansi-bold" },
      { text: " plain", classes: "" },
    ]);
  });

  it.each([
    ["38;5;208", "ansi-3"],
    ["38;5;9", "ansi-1"],
    ["38;5;250", ""],
    ["38;2;10;20;250", "ansi-4"],
    ["48;2;10;20;250", ""],
    ["97", ""],
    ["93;4", "ansi-underline ansi-3"],
  ])("colour %s is %j", (codes, classes) => expect(runsOf(`\x1b[${codes}mx`)).toEqual([{ text: "x", classes }]));

  it("what else steers a terminal is left out, also where it is cut in two", () => {
    const text = "a\x1b[2Kb\x1b[1Ac\x1b]8;;https://x.test\x07d\x1b]8;;\x1b\\e\x1b[?25hf\x1b(Bg\x1b[38;5";
    expect(runsOf(text).map((run) => run.text).join("")).toBe("abcdefg");
    expect(runsOf("h\x1b").map((run) => run.text)).toEqual(["h"]);
  });
});
