/** What test_jupyter.py asks of JupyterLab and Notebook 7: the part of their application that it touches, typed here. */

interface Kernel {
  requestExecute(content: { code: string; store_history: boolean }): {
    onIOPub: (message: { content: { text?: string; evalue?: string } }) => void;
    done: Promise<unknown>;
  };
}
interface Cell {
  type: string;
  executionCount: number | null;
  outputs: { toJSON(): { output_type: string; name?: string; ename?: string; text?: string }[] };
}
interface Panel {
  context: { ready: Promise<void> };
  content: { model: { cells: Iterable<Cell> & { length: number } }; scrollToItem(index: number, where: string): Promise<void> };
  sessionContext: { ready: Promise<void>; session: { kernel: Kernel } };
}
interface Application {
  shell?: { currentWidget?: Partial<Panel> };
  commands: { execute(name: string): Promise<unknown> };
}

const application = () => (window as unknown as { jupyterapp?: Application }).jupyterapp;

/** The notebook in front, once it is there. */
function notebook(): Panel | null {
  const panel = application()?.shell?.currentWidget;
  return panel?.content?.model && panel.sessionContext ? (panel as Panel) : null;
}

export function ready(): boolean {
  return notebook() !== null;
}

/** Run all cells; of each code cell its count, and errors and what went to stderr. */
export async function run(): Promise<(number | string | null | undefined)[][]> {
  const panel = notebook()!;
  await panel.context.ready;
  await panel.sessionContext.ready;
  await application()!.commands.execute("notebook:run-all-cells");
  return [...panel.content.model.cells]
    .filter((cell) => cell.type === "code")
    .map((cell) => [
      cell.executionCount,
      ...cell.outputs
        .toJSON()
        .filter((output) => output.output_type === "error" || output.name === "stderr")
        .map((output) => output.ename ?? output.text),
    ]);
}

/** JupyterLab keeps only what is in view in the page, so a reader (and this test) scrolls to a cell. */
export async function scroll(index: number): Promise<void> {
  await notebook()!.content.scrollToItem(index, "start");
}

export function cells(): number {
  return notebook()!.content.model.cells.length;
}

/** What the kernel prints when it runs some code. */
export async function askKernel(code: string): Promise<string> {
  const future = notebook()!.sessionContext.session.kernel.requestExecute({ code, store_history: false });
  let text = "";
  future.onIOPub = ({ content }) => {
    text += content.text ?? content.evalue ?? "";
  };
  await future.done;
  return text;
}
