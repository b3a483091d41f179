/** What @jupyter-widgets/base asks of `lodash/isEqual`, answered by the library that Backbone brings anyway. */
export { isEqual as default } from "underscore";
