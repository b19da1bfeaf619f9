/** What a model says of a sweep: which hyperparameters matter, and the metric along each. Asked for when it is looked at. */
import { useEffect } from "preact/hooks";
import { MarginalChart } from "../chart/marginal";
import { columnOf } from "../data/columns";
import { showCount, showNumber, showPart, showValue, showWhole } from "../data/format";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { type Explained, fromWire, type Wire } from "../data/types";
import { Panel } from "./panel";

/** Milliseconds after which a model of a sweep that goes on may be asked again. */
const AGAIN = 20_000;
/** Marginal curves that are drawn: those of the most important hyperparameters. */
const MOST = 12;
/** Trials that are believed best and listed. */
const BELIEVED = 5;

interface Both {
  data: SweepData;
  selection: Selection;
}

export function ExplainedPanels({ data, selection }: Both) {
  useEffect(() => {
    void data.explain();
    const timer = setInterval(() => document.hidden || void data.explain(), AGAIN);
    return () => clearInterval(timer);
  }, [data]);
  const found = data.explained.value;
  if (found === null || typeof found === "string")
    return (
      <Panel title="What matters">
        <p class="quiet" role="status">{found ?? data.source.explaining ?? "A model of the trials is being made …"}</p>
      </Panel>
    );
  return (
    <div class="charts">
      <ImportancePanel data={data} selection={selection} found={found} />
      {isTold(found) && <MarginalPanel data={data} selection={selection} found={found} />}
    </div>
  );
}

function ImportancePanel({ data, selection, found }: Both & { found: Explained }) {
  const table = () => ({
    columns: ["hyperparameter", "alone", "with others"],
    rows: found.importances.map(({ name, alone, total }) => [name, showPart(alone), showPart(total)]),
  });
  return (
    <Panel title="What matters" class="rest" table={isTold(found) ? table : undefined}>
      <Caution found={found} metric={data.metric.value?.name ?? "the metric"} />
      {isTold(found) && <ul class="bars">
        {found.importances.map(({ name, alone, total }) => (
          <li>
            <span class="bar-name" title={name}>{name}</span>
            <span class="bar" aria-hidden="true">
              <span class="whole" style={{ width: `${100 * Math.max(alone, total)}%` }} />
              <span class="part" style={{ width: `${100 * alone}%` }} />
            </span>
            <span class="number">{showPart(total)}<span class="hidden-text"> with others, {showPart(alone)} alone</span></span>
          </li>
        ))}
      </ul>}
      {isTold(found) && <p class="small quiet legend"><span class="swatch part" aria-hidden="true" /> alone <span class="swatch whole" aria-hidden="true" /> together with others</p>}
      {isTold(found) && <p class="small quiet">The part of the differences over the whole space that each accounts for, by a model of {showWhole(found.trials)} trials. A part that several have together counts for each: these may add up to more than 100 %.</p>}
      {found.did_not_vary.length > 0 && <p class="small quiet">Did not vary: {found.did_not_vary.join(", ")}.</p>}
      <h3 class="small">Best believed{byInterval(found)}</h3>
      <table class="list-table small">
        <thead>
          <tr><th scope="col">Trial</th><th scope="col" class="right">Believed, without noise</th><th scope="col" class="right">Seen</th></tr>
        </thead>
        <tbody>
          {found.believed.slice(0, BELIEVED).map(({ trial, mean, deviation, seen }) => (
            <tr onPointerEnter={() => (selection.hovered.value = trial)} onPointerLeave={() => (selection.hovered.value = null)}>
              <td><button class="link" onClick={() => selection.toggle(trial)}>{trial}</button></td>
              <td class="right">{showNumber(fromWire(mean as Wire))} ± {showNumber(Number(Number(deviation).toPrecision(2)))}</td>
              <td class="right">{showNumber(fromWire(seen as Wire))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.uncertain > 0 && <p class="small quiet">Without {showCount(found.uncertain, "trial")} stopped too early to say what {found.uncertain === 1 ? "it" : "they"} would have come to.</p>}
    </Panel>
  );
}

/** Whether the trials say what matters at all. */
const isTold = ({ trust }: Explained) => trust.grade !== "none";

const byInterval = ({ interval }: Explained) => (interval === null ? "" : ` by interval ${interval}`);

/** What is compared where final values cannot be, and how far the model is to be trusted. */
function Caution({ found, metric }: { found: Explained; metric: string }) {
  const { trust, interval } = found;
  return (
    <>
      {interval !== null && <p class="small">Most trials were stopped so early that what they would have come to cannot be told. All of this is about {metric} by interval {interval}, which nine of ten reached.</p>}
      <p class={trust.grade === "good" ? "small quiet" : "small"}>{isTold(found) ? "How far to trust this: " : "It cannot be told: "}{trust.sentence}.</p>
    </>
  );
}

function MarginalPanel({ data, selection, found }: Both & { found: Explained }) {
  const metric = data.head.value?.metric?.name ?? "";
  const shown = found.importances.slice(0, MOST);
  const table = () => ({
    columns: ["hyperparameter", "value", metric, "±"],
    rows: found.importances.flatMap(({ name, marginal }) =>
      marginal.map((point) => [name, showValue(point.value), showNumber(fromWire(point.mean as Wire)), showNumber(fromWire(point.deviation as Wire))]),
    ),
  });
  return (
    <Panel title={`${metric}${byInterval(found)} along each hyperparameter`} class="wide" table={table}>
      <div class="small-charts">
        {shown.map((each) => {
          const column = columnOf(data, `param:${each.name}`);
          return column && <MarginalChart key={each.name} data={data} selection={selection} importance={each} column={column} all={shown} interval={found.interval} />;
        })}
      </div>
      <p class="small quiet">As the model believes, the others averaged out; the band is one standard deviation. Points are trials, pale where {found.interval === null ? "they did not complete" : "their final values are another matter"}.{found.importances.length > MOST && ` The ${MOST} that matter most of ${found.importances.length}.`}</p>
    </Panel>
  );
}
