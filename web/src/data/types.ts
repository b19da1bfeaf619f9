/** The server's words, under short names. */
import type { components } from "./api";

type Schemas = components["schemas"];
export type SweepLine = Schemas["SweepLine"];
export type SweepPage = Schemas["SweepPage"];
export type SweepHead = Schemas["SweepHead"];
export type TrialColumns = Schemas["TrialColumns"];
export type Curves = Schemas["Curves"];
export type Thresholds = Schemas["Thresholds"];
export type Explained = Schemas["Explained"];
export type Importance = Schemas["Importance"];
export type Values = Schemas["Values"];
export type Timeline = Schemas["Timeline"];
export type Code = Schemas["Code"];
export type TrialCode = Schemas["TrialCode"];
export type TrialHead = Schemas["TrialHead"];
export type Logged = Schemas["Logged"];
export type Output = Schemas["Output"];
export type Files = Schemas["Files"];
export type Preview = Schemas["Preview"];
export type Answer = Schemas["Answer"];
export type Asked = Schemas["Asked"];
export type SweepChange = Schemas["SweepChange"];
export type ChangedPoints = Schemas["ChangedPoints"];
export type State = TrialColumns["state"][number];
/** A number as JSON has it: those that are not finite are words. */
export type Wire = number | "nan" | "inf" | "-inf" | null;
export type Axis = "interval" | "step" | "time";

/** The number that was meant; null stays null. */
export function fromWire(value: Wire): number | null {
  if (value === null || typeof value === "number") return value;
  return value === "nan" ? NaN : value === "inf" ? Infinity : -Infinity;
}
