/** What a model says of a sweep: which hyperparameters matter, and the metric along each. Asked for when it is looked at. */
import { useEffect } from "preact/hooks";
import { MarginalChart } from "../chart/marginal";
import { columnOf } from "../data/columns";
import { showNumber, showPart, showValue, showWhole } from "../data/format";
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
      <MarginalPanel data={data} selection={selection} found={found} />
    </div>
  );
}

function ImportancePanel({ data, selection, found }: Both & { found: Explained }) {
  const table = () => ({
    columns: ["hyperparameter", "alone", "with others"],
    rows: found.importances.map(({ name, alone, total }) => [name, showPart(alone), showPart(total)]),
  });
  return (
    <Panel title="What matters" class="rest" table={table}>
      <ul class="bars">
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
      </ul>
      <p class="small quiet legend"><span class="swatch part" aria-hidden="true" /> alone <span class="swatch whole" aria-hidden="true" /> together with others</p>
      <p class="small quiet">The part of the differences over the whole space that each accounts for, by a model of {showWhole(found.trials)} trials.</p>
      <h3 class="small">Best believed</h3>
      <table class="list-table small">
        <thead>
          <tr><th scope="col">Trial</th><th scope="col" class="right">Believed, without noise</th><th scope="col" class="right">Seen</th></tr>
        </thead>
        <tbody>
          {found.believed.slice(0, BELIEVED).map(({ trial, mean, deviation }) => (
            <tr onPointerEnter={() => (selection.hovered.value = trial)} onPointerLeave={() => (selection.hovered.value = null)}>
              <td><button class="link" onClick={() => selection.toggle(trial)}>{trial}</button></td>
              <td class="right">{showNumber(fromWire(mean as Wire))} ± {showNumber(Number(Number(deviation).toPrecision(2)))}</td>
              <td class="right">{showNumber(data.trials.best[data.trials.rowOf(trial)])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="small quiet">Of a trial that was stopped early: what it would have reached.</p>
    </Panel>
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
    <Panel title={`${metric} along each hyperparameter`} class="wide" table={table}>
      <div class="small-charts">
        {shown.map((each) => {
          const column = columnOf(data, `param:${each.name}`);
          return column && <MarginalChart key={each.name} data={data} selection={selection} importance={each} column={column} all={shown} />;
        })}
      </div>
      <p class="small quiet">As the model believes, the others averaged out; the band is one standard deviation. Points are trials.{found.importances.length > MOST && ` The ${MOST} that matter most of ${found.importances.length}.`}</p>
    </Panel>
  );
}
