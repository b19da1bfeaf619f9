import { describe, expect, it } from "vitest";
import { type CurveColumns, DocumentSource, readDocument, type SweepDocument } from "./document";

const text = (values: Float32Array | Float64Array) => btoa(String.fromCharCode(...new Uint8Array(values.buffer)));
const pack = (values: number[]) => text(Float64Array.from(values));
const single = (values: number[]) => text(Float32Array.from(values));
const LOSS: CurveColumns = { metric: "loss", trial: [0, 2], count: [2, 900], kept: [2, 3], y: pack([3, 2, 9, NaN, 7]), interval: single([1, 2, 1, 450, 900]), step: null, time: single([0, 5, 0, 1, 2]) };
const WHOLE: CurveColumns = { metric: "accuracy", trial: [0, 1], count: [1, 3], kept: [1, 3], y: pack([0.5, 0.25, 0.5, 0.75]), interval: null, step: pack([10, 10, 20, 30]), time: single([0, 0, 1, 2]) };
const source = () => new DocumentSource({ version: 2, curves: [LOSS, WHOLE] } as SweepDocument);
const wish = { metric: "accuracy", first: 0 } as const;

describe("a sweep in one piece", () => {
  it("has each curve by each axis", async () => {
    for (const [axis, expected] of [["interval", [1, 2, 3]], ["step", [10, 20, 30]], ["time", [0, 1, 2]]] as const) {
      const line = (await source().curves({ ...wish, axis })).lines.get(1)!;
      expect([...line.x]).toEqual(expected);
      expect([...line.y]).toEqual([0.25, 0.5, 0.75]);
    }
    const reduced = (await source().curves({ ...wish, metric: "loss", axis: "step" })).lines.get(2)!;
    expect([...reduced.x]).toEqual([1, 450, 900]);
    expect(reduced.count).toBe(900);
  });

  it("gives the trials that are asked for, and no line of an unknown metric", async () => {
    expect([...(await source().curves({ ...wish, axis: "interval", first: 1 })).lines.keys()]).toEqual([1]);
    expect((await source().curves({ ...wish, metric: "none", axis: "interval" })).lines.size).toBe(0);
  });

  it("knows the last value of each", async () => {
    expect(await source().values("loss")).toEqual({ trial: [0, 2], last: [2, 7] });
  });

  it("takes in curves that have grown, and new ones", async () => {
    const grown = source();
    grown.putCurves([{ ...WHOLE, trial: [1], count: [4], kept: [4], y: pack([0.25, 0.5, 0.75, 1]), step: pack([1, 2, 3, 4]), time: single([0, 1, 2, 3]) }]);
    const { lines } = await grown.curves({ ...wish, axis: "interval" });
    expect([...lines.get(1)!.y]).toEqual([0.25, 0.5, 0.75, 1]);
    expect([...lines.get(0)!.y]).toEqual([0.5]);
  });

  it("is read from compressed JSON, and refused in a form that is newer", async () => {
    const zipped = async (text: string) => new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
    expect(await readDocument(await zipped('{"version": 2}'))).toEqual({ version: 2 });
    await expect(readDocument(await zipped('{"version": 3}'))).rejects.toThrow("newer");
  });
});
