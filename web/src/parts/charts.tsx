/** The charts of a sweep, each in its panel. They know nothing of where the data comes from. */
import { batch, effect, signal, untracked, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { isPrinting } from "../app/print";
import { palette } from "../chart/colour";
import { MetricChart } from "../chart/metric";
import { isLogNow, isLoggedOnce, type MetricOptions } from "../chart/metric-view";
import { ParallelChart } from "../chart/parallel";
import { axesOf } from "../chart/parallel-axes";
import { ScatterChart } from "../chart/scatter";
import { CubeChart } from "../chart/scatter3d";
import { courseOf, SoFarChart } from "../chart/sofar";
import { TimelineChart } from "../chart/timeline";
import { WINDOW } from "../chart/window";
import { columnOf, columnsOf, isLogAxis, offAxis, spanText } from "../data/columns";
import { showCount } from "../data/format";
import { FLAG, type Kept, LIST, numbers, oneOf, SET, type Setting, toggled } from "../data/kept";
import { Reload } from "../data/reload";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import type { Timeline } from "../data/types";
import { ExplainedPanels } from "./explained";
import { Menu } from "./menu";
import { type Behind, Panel, Select, Toggle } from "./panel";
import { markOf } from "./trials-row";

const AXES = ["interval", "step", "time"] as const;

/** Trials that another metric or axis is drawn of before all others: the best ones, and as many chosen ones. */
const FIRST_DRAWN = 8;

interface Both {
  data: SweepData;
  selection: Selection;
}

export function Charts({ data, selection }: Both) {
  const head = data.head.value!;
  // Without a value of the primary metric every chart of it would be empty axes: a sentence says so instead.
  const isEmpty = head.metric !== null && head.best === null;
  const spaceSize = isEmpty ? 0 : Object.keys(head.space).length;
  return (
    <>
      <Chosen data={data} selection={selection} />
      <div class="charts">
        {/* Once the primary metric is there, it is shown unless another one was chosen. */}
        {head.metrics.length > 0 && <MetricPanel key={isEmpty ? "others" : "all"} data={data} selection={selection} />}
        {isEmpty ? <NothingToDraw data={data} /> : head.metric && <SoFarPanel data={data} selection={selection} />}
        {spaceSize > 0 && <Later class="" height={400}><ParallelPanel data={data} selection={selection} /></Later>}
        {spaceSize > 0 && <Later class="half" height={420}><ScatterPanel data={data} selection={selection} /></Later>}
        {spaceSize > 1 && <Later class="half" height={420}><CubePanel data={data} selection={selection} /></Later>}
        {spaceSize > 0 && head.metric && data.source.explained && <Later class="" height={420}><ExplainedPanels data={data} selection={selection} /></Later>}
        <Later class="" height={300}><TimelinePanel data={data} selection={selection} /></Later>
      </div>
    </>
  );
}

/** In place of the charts of the primary metric, as long as no trial has logged it. */
function NothingToDraw({ data }: { data: SweepData }) {
  const { metric, metrics, is_over } = data.head.value!;
  const others = metrics.length > 0 ? ` Logged were: ${metrics.join(", ")}.` : "";
  return (
    <Panel title="Nothing to draw" class={metrics.length > 0 ? "rest" : ""}>
      <p class="quiet" role="status">{is_over ? `No trial logged ${metric!.name}.${others}` : `No trial has logged ${metric!.name} yet: charts come with its first value.${others}`}</p>
    </Panel>
  );
}

/** Drawn when it comes near the window, so that what is in sight comes first; or when the page is printed. */
function Later(props: { class: string; height: number; children: ComponentChildren }) {
  const frame = useRef<HTMLDivElement>(null);
  const isNear = useSignal(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && (isNear.value = true), { rootMargin: "300px" });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => effect(() => void (isPrinting.value && (isNear.value = true))), []);
  return (
    <div ref={frame} class={`later ${props.class}`} style={isNear.value ? {} : { minHeight: `${props.height}px` }}>
      {isNear.value && props.children}
    </div>
  );
}

/** What narrows the trials down, to be taken away. */
function Chosen({ data, selection }: Both) {
  const ranges = Object.entries(selection.ranges.value);
  if (!ranges.length && !selection.chosen.value.size) return null;
  return (
    <div class="chips" role="group" aria-label="What narrows the trials down">
      {ranges.map(([key, spans]) => {
        const column = columnOf(data, key);
        return spans.map(([low, high]) => {
          const text = column ? `${column.name} ${spanText(column, [low, high])}` : key;
          return (
            <span class="chip">
              {text}
              <button aria-label={`Take away ${text}`} onClick={() => selection.setRange(key, spans.filter((span) => span[0] !== low))}>×</button>
            </span>
          );
        });
      })}
      {[...selection.chosen.value].slice(0, 12).map((trial) => (
        <span class={`chip chosen ${markOf(selection, trial)}`}>
          trial {trial}
          <button aria-label={`Let go of trial ${trial}`} onClick={() => selection.toggle(trial)}>×</button>
        </span>
      ))}
      {selection.chosen.value.size > 12 && <span class="quiet">and {selection.chosen.value.size - 12} more</span>}
      <button class="button bare small" onClick={() => selection.clear()}>Show all</button>
    </div>
  );
}

/** What the colours of trials mean: their rank by the primary metric. */
function Ranks() {
  const { ramp } = palette();
  return (
    <span class="ranks small quiet" title="Trials by the rank of their best value among those shown, the best ones furthest apart">
      worst
      <span class="ramp" aria-hidden="true">{ramp.map((colour) => <span style={{ background: colour }} />)}</span>
      best
    </span>
  );
}

/** What the lines of the metric chart mean. */
function MetricKey({ data, options }: { data: SweepData; options: MetricOptions }) {
  const { metric, counts } = data.head.value!;
  const isLog = isLogNow(data, options);
  const lines = [...data.lines.values()];
  const below = options.isLog.value ? lines.filter((line) => line.low <= 0).length : 0;
  const hasThreshold = data.thresholds.value.interval.length > 0 && data.shown.value?.axis === "interval" && data.shown.value.metric === metric?.name;
  return (
    <p class="chart-key small quiet">
      {metric && <Ranks />}
      {counts.stopped_early > 0 && <span><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><path class="cross" d="M2 2l6 6M2 8l6-6" /></svg> stopped early</span>}
      {counts.failed > 0 && <span><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><path class="triangle" d="M5 1l4 8H1z" /></svg> failed</span>}
      {hasThreshold && <span><svg class="key wide" viewBox="0 0 24 10" aria-hidden="true"><path class="dashes" d="M0 5h24" /></svg> the policy's threshold</span>}
      {isLoggedOnce(data) && <span>each trial logged one value: trials by number</span>}
      {lines.some((line) => line.hasGap) && <span><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><path class="gap" d="M5 2v6" /></svg> NaN or infinite from here</span>}
      {below > 0 && <span role="status">{isLog ? `${showCount(below, "trial has", "trials have")} values at or below 0, which are not on the logarithmic axis` : "No value is above 0: the axis is not logarithmic"}</span>}
    </p>
  );
}

/** What a chart cannot draw, in sentences. */
function Missing({ sentences }: { sentences: string[] }) {
  return sentences.length > 0 ? <p class="chart-key small quiet" role="status">{sentences.map((text) => <span>{text}</span>)}</p> : null;
}

const columnsFrom = (data: SweepData, keys: string[]) => keys.map((key) => columnOf(data, key)).filter((column) => column !== null);

function MetricPanel({ data, selection }: Both) {
  const options = useMemo(() => {
    const { metrics, metric } = data.head.peek()!;
    return {
      metric: selection.kept("metric", metric && metrics.includes(metric.name) ? metric.name : metrics[0], oneOf(() => data.head.value!.metrics)),
      axis: selection.kept("by", "interval", oneOf(() => AXES)),
      isLog: selection.kept("log", false, FLAG),
      smoothing: selection.kept("smooth", "0", oneOf(() => SMOOTHINGS)),
      zoom: selection.kept("zoom", null, WINDOW),
    };
  }, []);
  useEffect(
    () =>
      effect(() => {
        const shown = { metric: options.metric.value, axis: options.axis.value };
        const wanted = data.wanted.peek();
        if (wanted?.metric === shown.metric && wanted.axis === shown.axis) return;
        untracked(() => void data.show(shown, [...selection.chosen.value, ...data.bestTrials(FIRST_DRAWN)].slice(0, 2 * FIRST_DRAWN)));
      }),
    [data],
  );
  // A part of what was drawn is none of what will be.
  const change = (set: () => void) => batch(() => (set(), (options.zoom.value = null)));
  const controls = (
    <>
      <Select label="Metric" value={options.metric.value} options={data.head.value!.metrics} onChange={(metric) => change(() => (options.metric.value = metric))} />
      <Select label="by" value={options.axis.value} options={AXES} onChange={(axis) => change(() => (options.axis.value = axis))} />
      <Select label="Smooth" value={options.smoothing.value} options={SMOOTHINGS.map((each): [string, string] => [each, each === "0" ? "none" : each])} onChange={(value) => (options.smoothing.value = value)} />
      <Toggle label="Log" isOn={options.isLog.value} onChange={(isOn) => change(() => (options.isLog.value = isOn))} title="Logarithmic values" />
    </>
  );
  const table = (): Behind => (data.curvesVersion.value, {
    columns: ["trial", "values", "first", "last", "least", "greatest"],
    rows: [...data.lines].map(([trial, line]) => {
      const values = [...line.y.subarray(0, line.size)];
      const finite = values.filter(Number.isFinite);
      return [trial, line.count, values[0], values.at(-1), Math.min(...finite), Math.max(...finite)];
    }),
  });
  return (
    <Panel title="Metric" class="wide" controls={controls} table={table} isBusy={data.isLoading.value}>
      <MetricChart data={data} selection={selection} options={options} height={340} />
      <MetricKey data={data} options={options} />
    </Panel>
  );
}

/** Weights of what came before in a smoothed value. */
const SMOOTHINGS = ["0", "0.3", "0.6", "0.8", "0.9", "0.95"];

const COURSES = ["trial", "time"] as const;

function SoFarPanel({ data, selection }: Both) {
  const by = useMemo(() => selection.kept("course", "trial", oneOf(() => COURSES)), []);
  const controls = <Select label="by" value={by.value} options={COURSES} onChange={(value) => (by.value = value)} />;
  const table = (): Behind => ({
    columns: [by.value === "time" ? "seconds since the first trial" : "trials done", `best ${data.head.value?.metric?.name} so far`],
    rows: courseOf(data, by.value).steps,
  });
  return (
    <Panel title="Best so far" class="rest" controls={controls} table={table}>
      <SoFarChart data={data} selection={selection} by={by} height={340} />
    </Panel>
  );
}

const rowsOf = (data: SweepData, selection: Selection, keys: string[]): Behind => {
  const columns = columnsFrom(data, keys);
  const mask = selection.mask.value;
  return {
    columns: ["trial", ...columns.map((column) => column.name)],
    rows: data.trials.number.flatMap((trial, row) => (mask[row] ? [[trial, ...columns.map((column) => column.show(column.position(row)))]] : [])),
  };
};

const NONE: ReadonlySet<string> = new Set();

function ParallelPanel({ data, selection }: Both) {
  const axes = useMemo(() => ({ order: selection.kept("axes", null, LIST), flipped: selection.kept("turned", NONE, SET), unnatural: selection.kept("scaled", NONE, SET) }), []);
  const keys = () => axesOf(data, axes.order.value).map((column) => column.key);
  const all = columnsOf(data);
  // Drawn when it is opened: what an axis of another metric reaches is asked for where somebody looks at it.
  const isChoosing = useSignal(false);
  const controls = (
    <>
      {data.head.value!.metric && <Ranks />}
      <Menu label="Axes" summary="button bare small" body="axes-list" onToggle={(isOpen) => (isChoosing.value = isOpen)}>
        {isChoosing.value && all.map((column) => (
          <div>
            <label class="select">
              <input type="checkbox" checked={keys().includes(column.key)} disabled={keys().length === 1 && keys()[0] === column.key} onChange={() => (axes.order.value = keys().includes(column.key) ? keys().filter((key) => key !== column.key) : [...keys(), column.key])} />
              {column.name}
            </label>
            <span>
              {Number.isFinite(column.positive) && <Toggle label="log" isOn={isLogAxis(column, axes.unnatural.value.has(column.key))} onChange={() => (axes.unnatural.value = toggled(axes.unnatural.value, column.key))} />}
            </span>
            <Toggle label="invert" isOn={axes.flipped.value.has(column.key)} onChange={() => (axes.flipped.value = toggled(axes.flipped.value, column.key))} />
          </div>
        ))}
      </Menu>
    </>
  );
  return (
    <Panel title="Parallel coordinates" controls={controls} table={() => rowsOf(data, selection, keys())}>
      <ParallelChart data={data} selection={selection} axes={axes} height={340} />
      <Missing sentences={offAxis(data, axesOf(data, axes.order.value).filter((column) => isLogAxis(column, axes.unnatural.value.has(column.key))))} />
    </Panel>
  );
}

/** Choosers of columns. */
function Choosers({ data, of }: { data: SweepData; of: [string, Kept<string>, boolean?][] }) {
  const options = columnsOf(data).map((column): [string, string] => [column.key, column.name]);
  return (
    <>
      {of.map(([label, chosen, mayBeNone]) => (
        <Select label={label} value={chosen.value} options={mayBeNone ? [["", "none"], ...options] : options} onChange={(key) => (chosen.value = key)} />
      ))}
    </>
  );
}

const columnIn = (data: SweepData) => oneOf(() => columnsOf(data).map((column) => column.key));

function startingColumns(data: SweepData, count: number): string[] {
  const parameters = Object.keys(data.head.value!.space).map((name) => `param:${name}`);
  const numbers = parameters.filter((key) => !columnOf(data, key)?.isChoice);
  return [...numbers, ...parameters.filter((key) => !numbers.includes(key)), "best", "duration"].slice(0, count);
}

function ScatterPanel({ data, selection }: Both) {
  const options = useMemo(() => {
    const [x, y] = startingColumns(data, 2);
    const axis = (name: Setting, start: string) => selection.kept(name, start, columnIn(data));
    return { x: axis("x", x), y: axis("y", y), colour: axis("colour", "best"), size: axis("size", "") };
  }, []);
  const controls = <Choosers data={data} of={[["x", options.x], ["y", options.y], ["colour", options.colour], ["size", options.size, true]]} />;
  return (
    <Panel title="Scatter" controls={controls} table={() => rowsOf(data, selection, [options.x.value, options.y.value, options.colour.value])}>
      <ScatterChart data={data} selection={selection} options={options} height={340} />
      <Missing sentences={offAxis(data, columnsFrom(data, [options.x.value, options.y.value]).filter((column) => isLogAxis(column)))} />
    </Panel>
  );
}

function CubePanel({ data, selection }: Both) {
  const options = useMemo(() => {
    const [x, y, z] = startingColumns(data, 3);
    const axis = (name: Setting, start: string) => selection.kept(name, start, columnIn(data));
    return { x: axis("cube-x", x), y: axis("cube-y", y), z: axis("cube-z", z), colour: axis("cube-colour", "best"), size: axis("cube-size", ""), turn: selection.kept("cube-turn", null, numbers(2, 4)) };
  }, []);
  const controls = <Choosers data={data} of={[["x", options.x], ["y", options.y], ["z", options.z], ["colour", options.colour], ["size", options.size, true]]} />;
  return (
    <Panel title="3-D scatter" controls={controls} table={() => rowsOf(data, selection, [options.x.value, options.y.value, options.z.value, options.colour.value])}>
      <CubeChart data={data} selection={selection} options={options} height={340} />
      <Missing sentences={offAxis(data, columnsFrom(data, [options.x.value, options.y.value, options.z.value]).filter((column) => isLogAxis(column)))} />
    </Panel>
  );
}

/** What stands for a slot where a trial has none. */
const BEYOND = "extra";

function TimelinePanel({ data, selection }: Both) {
  const timeline = useMemo(() => signal<Timeline>({ trial: [], attempt: [], slot: [], start: [], end: [] }), []);
  const isLoaded = useSignal(false);
  useEffect(() => {
    let isGone = false;
    // Where it fails, what was drawn stays meanwhile.
    const reload = new Reload(() => data.source.timeline().then((found) => void (isGone || ([timeline.value, isLoaded.value] = [found, true]))), 2000);
    const stop = effect(() => (data.runsVersion.value, reload.ask()));
    return () => {
      isGone = true;
      reload.close();
      stop();
    };
  }, [data]);
  const lanes = new Set(timeline.value.slot).size;
  const table = (): Behind => ({
    columns: ["trial", "attempt", "slot", "started, s", "ended, s"],
    rows: timeline.value.trial.map((trial, at) => {
      const first = timeline.value.start[0];
      const end = timeline.value.end[at];
      return [trial, timeline.value.attempt[at], timeline.value.slot[at], timeline.value.start[at] - first, end === null ? null : end - first];
    }),
  });
  if (isLoaded.value && !lanes)
    return (
      <Panel title="Slots over time">
        <p class="quiet" role="status">{data.head.value!.is_over ? "No trial was started." : "No trial has started yet: its bar comes when it does."}</p>
      </Panel>
    );
  return (
    <Panel title="Slots over time" table={table}>
      <TimelineChart data={data} selection={selection} timeline={timeline} height={Math.max(130, Math.min(360, 66 + lanes * 22))} />
      {timeline.value.slot.includes(BEYOND) && <p class="small quiet">{BEYOND}: trials that ran beyond this machine's slots, several at once, since more may run at a time (<code>max_concurrent_runs</code>) than there are slots.</p>}
    </Panel>
  );
}
