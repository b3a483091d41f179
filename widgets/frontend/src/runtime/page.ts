/** What every page runs, with or without widgets: glossary definitions, scrollable regions, search from disk. */
import { followGlossary } from "./glossary";

followGlossary();
