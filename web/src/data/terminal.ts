/** What programs print for a terminal, as it would look there: colours, and lines that were written over by others. */

export interface Run {
  text: string;
  /** Classes of the style sheet, such as 'ansi-bold ansi-1'; '' for plain text. */
  classes: string;
}

/**
 * Only what a terminal would still show of each line: what stands behind its last carriage return, as progress bars have it. One at
 * the very end is kept, since a line feed may follow it.
 */
export function written(text: string): string {
  if (!text.includes("\r")) return text;
  const lines = text.split("\n");
  return lines.map((line, at) => (at < lines.length - 1 ? last(line) : last(line) + (line.endsWith("\r") ? "\r" : ""))).join("\n");
}

function last(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

// Colours and styles (group 1); everything else that steers a terminal, an unfinished sequence at the end, too, is left out.
const SEQUENCE = /\x1b\[([\d;]*)m|\x1b\[[\d;?<=>! ]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b\[[\d;?]*$|\x1b[ -/]*[0-~]?/g;

/** The colours that a terminal has by name, without black and white, which are the page's own. */
const NAMED: [number, [number, number, number]][] = [
  [1, [205, 0, 0]],
  [2, [0, 205, 0]],
  [3, [205, 205, 0]],
  [4, [0, 0, 238]],
  [5, [205, 0, 205]],
  [6, [0, 205, 205]],
];

/** Runs of one look each. Colours become the nearest of six that can be read on the page; backgrounds are left out. */
export function runsOf(text: string): Run[] {
  if (!text.includes("\x1b")) return [{ text, classes: "" }];
  const runs: Run[] = [];
  const look = { bold: false, dim: false, italic: false, underline: false, colour: 0 };
  const add = (part: string) => {
    if (!part) return;
    const { colour, ...flags } = look;
    const names = [...Object.entries(flags).flatMap(([name, isOn]) => (isOn ? [name] : [])), ...(colour ? [String(colour)] : [])];
    runs.push({ text: part, classes: names.map((name) => `ansi-${name}`).join(" ") });
  };
  let at = 0;
  for (const found of text.matchAll(SEQUENCE)) {
    add(text.slice(at, found.index));
    at = found.index + found[0].length;
    if (found[1] !== undefined) change(look, found[1].split(";").map(Number));
  }
  add(text.slice(at));
  return runs;
}

function change(look: { bold: boolean; dim: boolean; italic: boolean; underline: boolean; colour: number }, codes: number[]): void {
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at];
    if (code === 0) Object.assign(look, { bold: false, dim: false, italic: false, underline: false, colour: 0 });
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 3) look.italic = true;
    else if (code === 4) look.underline = true;
    else if (code === 22) look.bold = look.dim = false;
    else if (code === 23) look.italic = false;
    else if (code === 24) look.underline = false;
    else if (code === 39) look.colour = 0;
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) look.colour = code % 10 === 7 ? 0 : code % 10;
    else if (code === 38 || code === 48) {
      const isTable = codes[at + 1] === 5;
      const colour = isTable ? ofTable(codes[at + 2]) : nearest(codes[at + 2], codes[at + 3], codes[at + 4]);
      if (code === 38) look.colour = colour;
      at += isTable ? 2 : 4;
    }
  }
}

/** Of the 256 colours: sixteen by name, a cube of 6 × 6 × 6, greys. */
function ofTable(index: number): number {
  if (index < 16) return index % 8 === 7 ? 0 : index % 8;
  const [cube, level] = [index - 16, (step: number) => (step ? 55 + 40 * step : 0)];
  return index > 231 ? 0 : nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function nearest(red: number, green: number, blue: number): number {
  if (Math.max(red, green, blue) - Math.min(red, green, blue) < 48) return 0;
  const distance = ([r, g, b]: [number, number, number]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  return NAMED.reduce((best, each) => (distance(each[1]) < distance(best[1]) ? each : best))[0];
}
