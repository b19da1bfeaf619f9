/** The exported file: one sweep, out of the data that stands in the page itself. */
import { render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { keepInAddress } from "./app/router";
import { followTextSize } from "./app/text-size";
import { followPrint } from "./app/print";
import { followSystem } from "./app/theme";
import { Mark, ThemeButton } from "./app/top";
import { positionsOf } from "./data/columns";
import { bytesOf } from "./data/curves";
import { DocumentSource, readDocument, type SweepDocument } from "./data/document";
import { showTime } from "./data/format";
import { Selection } from "./data/selection";
import { SweepData } from "./data/sweep";
import { SweepBody, SweepHeader } from "./pages/sweep";
import "./style/base.css";
import "./style/layout.css";
import "./style/table.css";
import "./style/print.css";

function ExportedPage({ document }: { document: SweepDocument }) {
  const data = useMemo(() => new SweepData(new DocumentSource(document)), []);
  const selection = useMemo(() => new Selection(data, positionsOf(data)), []);
  useEffect(() => {
    void data.open().then(() => data.explain());
    return keepInAddress(selection, () => true);
  }, []);
  const head = data.head.value;
  return (
    <>
      <header class="top">
        <span class="mark"><Mark /> Overdrive</span>
        <span class="path small">as of {showTime(document.head.now)}{document.head.is_over ? "" : ", when it had not ended"}</span>
        <span class="gap" />
        <ThemeButton />
      </header>
      {head && (
        <main>
          <SweepHeader head={head} data={data} />
          <SweepBody data={data} selection={selection} id={null} />
        </main>
      )}
    </>
  );
}

followSystem();
followTextSize();
followPrint();
const place = document.getElementById("app")!;
readDocument(bytesOf(document.getElementById("sweep")!.textContent!))
  .then((found) => render(<ExportedPage document={found} />, place))
  .catch((error: Error) =>
    render(
      <main>
        <div class="card empty" role="alert">
          <h1>This file cannot be shown</h1>
          <p>{error.message}</p>
          <p>It takes a browser of 2023 or newer.</p>
        </div>
      </main>,
      place,
    ),
  );
