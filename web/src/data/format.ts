/**
 * Numbers, times and values as people read them: the same words as the command line's (overdrive.views.words). What was counted
 * has its digits in groups (`showWhole`: 1,200 trials); values have none, and stand as a script would be given them.
 */

/** Made once: making it costs more than all that it formats in a frame. */
const GROUPED = new Intl.NumberFormat("en");
export const showWhole = (value: number) => GROUPED.format(value);

/** From here on a number is shown with an exponent. */
const MUCH = 1e9;

/** Four significant digits: the rule of `show_number` in overdrive.records.numbers, tested with the same cases. */
export function showNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= MUCH)) return minus(value.toExponential(3).replace(/(\.\d*?)0+e/, "$1e").replace(".e", "e").replace("e+", "e"));
  // What stands before the point is never left out.
  return minus(String(size < 1000 ? Number(value.toPrecision(4)) : Number(value.toFixed(0))));
}

const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
/** As narrow as an axis needs it: millions and more as '2.5M'. */
export function showTick(value: number): string {
  const size = Math.abs(value);
  return size >= 1e6 && size < 1e15 ? minus(COMPACT.format(value)) : showNumber(value);
}

/** A time on an axis: '0', '5 s', '2 min', '1 h 30 min'. */
export function showTimeTick(seconds: number): string {
  if (seconds === 0) return "0";
  return Number.isInteger(seconds) && seconds < 10 ? `${seconds} s` : showDuration(seconds);
}

const minus = (text: string) => text.replace("-", "−").replace("e-", "e−");

/** A hyperparameter's value: whole numbers in full. */
export function showValue(value: unknown): string {
  if (typeof value === "number") return Number.isSafeInteger(value) ? minus(String(value)) : showNumber(value);
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return value === null ? "None" : "";
  return JSON.stringify(value);
}

/** The same with all digits. */
export const showExact = (value: unknown): string => (typeof value === "number" && Number.isFinite(value) ? minus(String(value)) : showValue(value));

const UNITS: [number, string][] = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

export function showDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "";
  const left = Math.max(0, seconds);
  if (left < 9.95) return `${left.toFixed(1)} s`;
  const whole = Math.round(left);
  for (let at = 0; at < UNITS.length; at += 1) {
    const [size, unit] = UNITS[at];
    if (whole < size) continue;
    const count = Math.floor(whole / size);
    const rest = whole % size;
    if (size === 1 || rest < UNITS[at + 1][0]) return `${count} ${unit}`;
    return `${count} ${unit} ${Math.floor(rest / UNITS[at + 1][0])} ${UNITS[at + 1][1]}`;
  }
  return "0 s";
}

export function showSize(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.5 ? size.toFixed(0) : size.toFixed(1).replace(/\.0$/, "")} ${units[unit]}`;
}

export const showCount = (count: number, one: string, many = `${one}s`) =>
  `${showWhole(count)} ${count === 1 ? one : many}`;

/** A part of a whole, from 0 to 1, as a percentage; what is not nothing is not told as nothing. */
export function showPart(part: number): string {
  const percent = 100 * part;
  if (percent > 0 && percent < 1) return "< 1 %";
  return `${percent.toFixed(0)} %`;
}

const twoDigits = (n: number) => String(n).padStart(2, "0");

/** A time by this machine's clock, with its zone: '2026-11-27 09:05:00 UTC+1'. */
export function showTime(at: number | null): string {
  if (at === null) return "";
  const date = new Date(at * 1000);
  return `${showDay(date)} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":")} ${showZone(-date.getTimezoneOffset())}`;
}

const showDay = (date: Date) => `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;

/** A zone by the minutes that it is ahead: 'UTC', 'UTC+1', 'UTC−3:30'. */
export function showZone(ahead: number): string {
  if (!ahead) return "UTC";
  const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
  return `UTC${ahead > 0 ? "+" : "−"}${hours}${minutes ? `:${twoDigits(minutes)}` : ""}`;
}

/** '3 min ago', 'yesterday' would be vaguer: the day where it is longer ago than one. */
export function showAgo(at: number | null, now: number): string {
  if (at === null) return "";
  const ago = now - at;
  if (ago < 45) return "just now";
  if (ago < 3600) return `${Math.max(1, Math.round(ago / 60))} min ago`;
  if (ago < 86400) return `${Math.round(ago / 3600)} h ago`;
  return showDay(new Date(at * 1000));
}

export const STATE_WORDS: Record<string, string> = {
  queued: "queued",
  starting: "starting",
  running: "running",
  stopping: "stopping",
  completed: "completed",
  completed_without_metric: "no metric",
  stopped_early: "stopped early",
  cancelled: "cancelled",
  failed: "failed",
  lost: "lost",
};
