import { expect, it } from "vitest";
import { columnsOf } from "./columns";
import { Line } from "./curves";
import type { CurvesPart, CurveWish, Opening } from "./source";
import { SweepData, Trials } from "./sweep";
import { columnsWith } from "./trials.fixture";
import type { SweepChange, SweepHead, TrialColumns } from "./types";

const COLUMNS = columnsWith({ lr: [0.1, 0.2] }, { state: ["running", "running"], ended_at: [null, null] });
const NONE = columnsWith({ lr: [] });

const lineOf = (...values: number[]) => new Line(Float64Array.from(values.keys(), (at) => at + 1), Float64Array.from(values), values.length);
const part = (lines: [number, Line][], next: number | null = null): CurvesPart => ({ lines: new Map(lines), next });

/** A live sweep of two trials, whose answers with curves come when a test gives them. */
async function liveSweep(opening: CurvesPart = part([[0, lineOf(0.1)], [1, lineOf(0.2)]])) {
  const asked: { wish: CurveWish; give: (answer: CurvesPart) => Promise<void> }[] = [];
  let tell: (change: SweepChange | null) => void = () => {};
  const head = { metric: { name: "accuracy", goal: "maximize" }, metrics: ["accuracy", "loss"], space: {}, is_over: false, seq: 1, now: 0, counts: {} };
  const data = new SweepData({
    opening: async () => ({ head: head as unknown as SweepHead, trials: COLUMNS, metric: "accuracy", thresholds: { interval: [], threshold: [] }, ...opening }) as Opening,
    trials: async () => NONE,
    curves: (wish) => new Promise<CurvesPart>((resolve) => asked.push({ wish, give: async (answer) => (resolve(answer), await settled()) })),
    timeline: async () => ({ trial: [], attempt: [], slot: [], start: [], end: [] }),
    code: async () => ({ command_line: "", python: "", json_text: "", best: null }),
    follow: (_, onChange) => ((tell = onChange), () => {}),
  });
  const opened = data.open();
  await settled();
  return { data, asked, opened, tell: (change: SweepChange) => tell(change) };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Values that a trial logged, from an interval on. */
function logged(trial: number, first: number, values: number[], attempt = 1): SweepChange {
  const row = (columns: TrialColumns): TrialColumns => ({ ...columns, number: [trial], attempt: [attempt], started_at: [100] });
  const points = [{ trial, attempt, first, values, steps: values.map(() => null), times: values.map(() => null) }];
  return { after: 1, seq: 2, trials: row(COLUMNS), points, thresholds: { interval: [], threshold: [] }, head: null };
}

/** A row of trial 0 with other values than before. */
const changed = (changes: Partial<TrialColumns>): SweepChange => {
  const change = logged(0, 2, []);
  return { ...change, trials: { ...change.trials, ...changes } };
};

const valuesOf = (data: SweepData, trial: number) => [...data.lines.get(trial)!.y.subarray(0, data.lines.get(trial)!.size)].map((value) => Number(value.toFixed(3)));

it("loses no value that comes while curves are loaded", async () => {
  const { data, asked, tell } = await liveSweep();
  void data.show({ metric: "accuracy", axis: "step" });
  await settled();
  tell(logged(0, 2, [0.3, 0.4]));
  // The answer was made before the change, and comes after it.
  await asked[0].give(part([[0, lineOf(0.1)], [1, lineOf(0.2)]]));
  expect(valuesOf(data, 0)).toEqual([0.1, 0.3, 0.4]);
  tell(logged(0, 4, [0.5]));
  expect(valuesOf(data, 0)).toEqual([0.1, 0.3, 0.4, 0.5]);
  expect(asked).toHaveLength(1);
});

it("loses none in an answer of several parts, and asks for nothing twice", async () => {
  const { data, asked, tell } = await liveSweep(part([[0, lineOf(0.1)]], 1));
  tell(logged(1, 3, [0.9]));
  await asked[0].give(part([[1, lineOf(0.7, 0.8)]]));
  expect(valuesOf(data, 1)).toEqual([0.7, 0.8, 0.9]);
  expect(asked).toHaveLength(1);
});

it("does not go on with an earlier attempt's curve", async () => {
  const { data, asked, tell } = await liveSweep();
  void data.show({ metric: "accuracy", axis: "step" });
  await settled();
  tell(logged(0, 1, [0.9], 2));
  await asked[0].give(part([[0, lineOf(0.1, 0.2, 0.3)], [1, lineOf(0.2)]]));
  expect(valuesOf(data, 0)).toEqual([0.9]);
});

it("asks anew where values in between are not there", async () => {
  const { data, asked, tell } = await liveSweep();
  tell(logged(0, 5, [0.9]));
  expect(asked.map(({ wish }) => wish.metric)).toEqual(["accuracy"]);
  data.close();
});

it("leaves curves alone on a page that shows none", async () => {
  const { data, asked, tell } = await liveSweep();
  void data.open(false);
  await settled();
  tell(logged(0, 5, [0.9]));
  expect(asked).toEqual([]);
});

it("tells that trials began or ended, not that they logged", async () => {
  const { data, tell } = await liveSweep();
  const [before, known] = [data.runsVersion.value, data.version.value];
  tell(changed({ intervals: [4], last: [0.3] }));
  expect([data.runsVersion.value, data.version.value]).toEqual([before, known + 1]);
  tell({ ...logged(0, 3, []), trials: { ...columnsWith({ lr: [0.1] }), ended_at: [300] } });
  expect(data.runsVersion.value).toBe(before + 1);
});

it("draws nothing anew for a trial that logged another metric, which stands as before but for its duration", async () => {
  const { data, tell } = await liveSweep();
  tell(changed({ last: [0.3] }));
  const [before, columns] = [data.version.value, columnsOf(data)];
  tell(changed({ last: [0.3], duration_s: [101] }));
  expect([data.version.value, columnsOf(data) === columns]).toEqual([before, true]);
  tell(changed({ last: ["nan"] }));
  tell(changed({ last: ["nan"] }));
  expect(data.version.value).toBe(before + 1);
  tell(changed({ state: ["completed"], last: ["nan"], duration_s: [102] }));
  expect([data.version.value, data.trials.durationS[0]]).toEqual([before + 2, 102]);
  data.close();
});

it("follows another metric that is shown", async () => {
  const { data, asked, tell } = await liveSweep();
  void data.show({ metric: "loss", axis: "interval" });
  await settled();
  await asked[0].give(part([[0, lineOf(0.7)]]));
  tell(changed({}));
  await settled();
  expect(asked.map(({ wish }) => wish.metric)).toEqual(["loss", "loss"]);
  data.close();
});

it("keeps what is known of a trial when an answer of before comes late", () => {
  const trials = new Trials();
  const ran = (seq: number, state: "running" | "completed") => ({ ...columnsWith({ lr: [0.1] }, { state: [state], ended_at: [state === "running" ? null : 9] }), seq });
  trials.put(ran(7, "completed"));
  expect(trials.put(ran(5, "running"))).toEqual({ hasRun: false, isNew: false });
  expect(trials.state).toEqual(["completed"]);
  // Loaded anew, of a sweep that was put back: it is as it is.
  trials.beginAnew();
  trials.put(ran(5, "running"));
  expect(trials.state).toEqual(["running"]);
});
