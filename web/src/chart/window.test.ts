import { expect, it } from "vitest";
import { WINDOW } from "./window";

it.each([
  [{ x: [14.7134556, 34.3041065], y: [0.543478261, 0.869565217] }, "14.71~34.3~0.5435~0.8696"],
  [{ x: [12_345_678.4, 12_345_680.6], y: [-1e-9, 2e-9] }, "12345678.4~12345680.6~-1e-9~2e-9"],
  [{ x: [1, 10], y: [0.00000123456, 1] }, "1~10~0.000001235~1"],
  [{ x: [0, 1e300], y: [-1e300, 1e300] }, "0~1e+300~-1e+300~1e+300"],
] as [{ x: [number, number]; y: [number, number] }, string][])("a part of a chart stands in the address as short as its size allows", (window, text) => {
  const written = WINDOW.write(window);
  expect(written).toBe(text);
  expect(WINDOW.read(written)).not.toBeNull();
});

it.each(["", "1~2~3", "2~1~0~1", "1~1~0~1", "a~b~c~d", "1~2~3~4~5"])("takes %j for no part", (text) => expect(WINDOW.read(text)).toBeNull());
