/** The numbers of a frame: for the table at round times, for the file at many. */
import { Medicines, numberOf } from "../model/drives";
import type { Control } from "../spec/read";
import { capital, clean, grouped, round, unitShown } from "../words/numbers";
import { asChosen, shownSetting } from "../words/settings";
import { tableTimes } from "../model/times";
import { factorOf, type Frame } from "./frame";
import type { Session } from "./session";

export interface Column {
  /** "Serotonin between the neurons" */
  title: string;
  /** "µM" */
  unit: string;
}

export interface Numbers {
  caption: string;
  /** First column: time. */
  columns: Column[];
  rows: string[][];
}

const FILE_ROWS = 241;

/** The table: the frame's own runs, at the rows they were sampled at. Nothing is run again. */
export function tableNumbers(session: Session, frame: Frame): Numbers {
  const { factor, span, unit } = session.spec.clock;
  const { columns, values } = collect(frame, (run, outputs) => outputs.map((output) => frame.runs[run].atRows(output)));
  const plain = session.drive instanceof Medicines;
  const rows = tableTimes(span * factor, unit).map((time, row) => [
    round(time, 4),
    ...values.map((column) => (plain ? column[row].toFixed(1) : evenly(column, row))),
  ]);
  return { caption: caption(session, frame), columns: [timeColumn(frame), ...columns], rows };
}

/** The file: more times, more digits, and the settings in columns of their own. */
export function fileNumbers(session: Session, frame: Frame): Numbers {
  const { factor, span } = session.spec.clock;
  const times = Float64Array.from({ length: FILE_ROWS }, (_, i) => (span * i) / (FILE_ROWS - 1));
  const { columns, values } = collect(frame, (run, outputs) =>
    session.experiments[run].tabulate(frame.runs[run].parameters, outputs, times),
  );
  const settings = settingColumns(session, frame);
  const rows = Array.from(times, (time, row) => [
    round(time * factor, 4),
    ...values.map((column) => round(column[row], 6)),
    ...settings.map(({ value }) => value),
  ]);
  return { caption: caption(session, frame), columns: [timeColumn(frame), ...columns, ...settings], rows };
}

function timeColumn({ spec }: Frame): Column {
  return { title: capital(`${spec.clock.unit}s after the change`), unit: "" };
}

type Table = (run: number, outputs: readonly string[]) => Float64Array[];

function collect(frame: Frame, table: Table): { columns: Column[]; values: Float64Array[] } {
  const { spec } = frame;
  const columns: Column[] = [];
  const values: Float64Array[] = [];
  for (const { run, outputs } of spec.numbers) {
    const found = table(run, outputs);
    outputs.forEach((output, i) => {
      const words = frame.words(run, output);
      const title = titleOf(frame, run, words.title);
      // First what the chart shows.
      if (words.relative) {
        columns.push({ title, unit: spec.drive.kind === "medicines" ? "% of rest" : "% of baseline" });
        values.push(found[i].map((value) => (100 * value) / frame.runs[run].baseline[output]));
        if (spec.drive.kind === "medicines") return;
      }
      columns.push({ title, unit: unitShown(words) });
      values.push(found[i].map((value) => value * factorOf(words)));
    });
  }
  return { columns, values };
}

/** "Serotonin between the neurons", "… (Little tryptophan)", "Serotonin, A venlafaxine". */
function titleOf({ spec, settings }: Frame, place: number, title: string): string {
  const run = spec.runs[place];
  if (spec.drive.kind === "medicines") {
    const drive = new Medicines(spec.drive);
    const { letter } = spec.drive.sides[run.side];
    const { name } = drive.medicine(run.side, settings);
    return `${capital(spec.models[run.model].messenger.name)}, ${spec.drive.sides.length > 1 ? `${letter} ${name}` : name}`;
  }
  return spec.runs.length > 1 && spec.models.length === 1 ? `${title} (${run.name})` : title;
}

function caption(session: Session, frame: Frame): string {
  const { controls } = session.spec;
  const { drive } = session;
  const at =
    drive instanceof Medicines
      ? drive.spec.sides.map((_, side) => {
          const { name } = drive.medicine(side, frame.settings);
          return `${capital(name)}: ${grouped(clean(drive.dose(side, frame.settings)))} mg a day`;
        })
      : controls.map((control) => `${control.label}: ${shownSetting(control, frame.settings[control.name])}`);
  return `The numbers of this run. ${at.join("; ")}.`;
}

function settingColumns({ drive, spec }: Session, { settings }: Frame): (Column & { value: string })[] {
  if (drive instanceof Medicines) {
    return drive.spec.sides.map((_, side) => ({
      title: `Dose of ${drive.medicine(side, settings).name}`,
      unit: "mg a day",
      value: String(clean(drive.dose(side, settings))),
    }));
  }
  return spec.controls.map((control) => {
    const shown = control.kind === "number" ? asChosen(control, settings) : control;
    return { title: shown.label, unit: unitWords(control), value: plain(control, settings) };
  });
}

function plain(control: Control, settings: Frame["settings"]): string {
  return control.kind === "number" ? String(clean(numberOf(settings, control.name))) : shownSetting(control, settings[control.name]);
}

function unitWords(control: Control): string {
  if (control.kind !== "number") return "";
  return { percent: "fraction", times: "multiple" }[control.unit] ?? control.unit;
}

/** A number with as many decimals as give the column's largest one four digits, so that the points stand in line. */
function evenly(column: Float64Array, row: number): string {
  let largest = 0;
  for (const value of column) largest = Math.max(largest, Math.abs(value));
  const decimals = largest > 0 ? Math.max(0, Math.min(8, 3 - Math.floor(Math.log10(largest)))) : 0;
  return column[row].toFixed(decimals);
}
